import { parentPort, workerData } from 'node:worker_threads';
import { FaceModels } from './face-models';
import type { Answer, Job, ThreadStart } from './jobs';
import { VisionError } from './vision-error';

/** The thread in which all models of this process run. */
async function answer(models: FaceModels, job: Job): Promise<Answer> {
  const startedAt = performance.now();
  const modelMsBefore = models.modelMs;
  const costs = () => ({
    modelMs: models.modelMs - modelMsBefore,
    totalMs: performance.now() - startedAt,
  });
  if (job.kind === 'detect') {
    const { width, height } = job;
    const data = new Uint8Array(job.pixels, 0, width * height * 3);
    const detections = await models.detect({ data, width, height });
    return { kind: 'detected', detections, ...costs() };
  }
  const descriptions = [];
  for (const face of job.faces) {
    const data = new Uint8Array(job.pixels, face.offset, face.side * face.side * 3);
    descriptions.push(await models.describe({ data, width: face.side, height: face.side }, face));
  }
  return { kind: 'described', descriptions, ...costs() };
}

async function main({ models: chosen, modelsDirectory }: ThreadStart): Promise<void> {
  const port = parentPort;
  if (!port) throw new Error('This file runs in a worker thread.');
  const send = (message: Answer) => port.postMessage(message);
  try {
    const models = await FaceModels.load(chosen, modelsDirectory);
    port.on('message', (job: Job) => {
      answer(models, job).then(send, (error: unknown) =>
        send({ kind: 'job-failed', message: error instanceof Error ? error.message : String(error) }),
      );
    });
    send({ kind: 'ready' });
  } catch (error) {
    const code = error instanceof VisionError ? error.code : 'VISION_START_FAILED';
    const message = error instanceof Error ? error.message : String(error);
    send({ kind: 'start-failed', code, message });
  }
}

void main(workerData);
