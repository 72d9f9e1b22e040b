import { parentPort, workerData } from 'node:worker_threads';
import { FaceModels } from './face-models';
import type { Answer, Job, ThreadStart } from './jobs';
import { ObjectModels } from './object-models';
import { VisionError, type VisionErrorCode } from './vision-error';

interface Models {
  faces: FaceModels;
  objects: ObjectModels;
}

/** The thread in which all models of this process run. */
async function answer({ faces, objects }: Models, job: Job): Promise<Answer> {
  const startedAt = performance.now();
  const modelMs = () => faces.modelMs + objects.modelMs;
  const modelMsBefore = modelMs();
  const costs = () => ({ modelMs: modelMs() - modelMsBefore, totalMs: performance.now() - startedAt });
  if (job.kind === 'describe') {
    const descriptions = [];
    for (const face of job.faces) {
      const data = new Uint8Array(job.pixels, face.offset, face.side * face.side * 3);
      descriptions.push(await faces.describe({ data, width: face.side, height: face.side }, face));
    }
    return { kind: 'described', descriptions, ...costs() };
  }
  const { width, height } = job;
  const picture = { data: new Uint8Array(job.pixels, 0, width * height * 3), width, height };
  return job.kind === 'detect'
    ? { kind: 'detected', detections: await faces.detect(picture), ...costs() }
    : { kind: 'detected-objects', objects: await objects.detect(picture, job), ...costs() };
}

async function main({ models: chosen, modelsDirectory }: ThreadStart): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file runs in a worker thread.');
  const send = (message: Answer) => port.postMessage(message);
  const failed = (error: unknown, otherwise: VisionErrorCode) => ({
    code: error instanceof VisionError ? error.code : otherwise,
    message: error instanceof Error ? error.message : String(error),
  });
  try {
    const models = {
      faces: await FaceModels.load(chosen, modelsDirectory),
      objects: new ObjectModels(chosen.objectDetector, modelsDirectory),
    };
    port.on('message', (job: Job) => {
      answer(models, job).then(send, (error: unknown) =>
        send({ kind: 'job-failed', ...failed(error, 'VISION_JOB_FAILED') }),
      );
    });
    send({ kind: 'ready' });
  } catch (error) {
    send({ kind: 'start-failed', ...failed(error, 'VISION_START_FAILED') });
  }
}

void main(workerData);
