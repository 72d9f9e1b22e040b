import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RgbImage } from '@camfleet/domain';
import { decodeImage } from '@camfleet/media';
import {
  fetchModels,
  fetchNpmFiles,
  faceRegion,
  sampleRegion,
  SAMPLE_PHOTOS,
  startVision,
  type Vision,
} from '@camfleet/vision';
import { threadCpuSeconds } from '../measure/processes';
import type { BenchRow } from '../row';

const WARM_UP = 30;
const RUNS = 200;
const NAME = 'detect, landmarks and embed one face of a 640×360 RGB frame';

/** CPU time of the whole process: all threads, garbage collection and the copies between them included. */
export const faceCpu: BenchRow = {
  number: 21,
  withoutVideo: true,
  async run({ root }) {
    const modelsDirectory = join(root, '.models');
    await fetchModels({ directory: modelsDirectory });
    await using vision = await startVision({ modelsDirectory });
    const frame = await sampleFrame(join(modelsDirectory, 'photos'));
    for (let run = 0; run < WARM_UP; run += 1) await recognise(vision, frame);
    const before = { ...vision.timings, cpu: process.cpuUsage(), threads: threadCpuSeconds(process.pid) };
    for (let run = 0; run < RUNS; run += 1) await recognise(vision, frame);
    const { user, system } = process.cpuUsage(before.cpu);
    const perFace = (ms: number) => ms / RUNS;
    const cpuMs = perFace((user + system) / 1000);
    // Elapsed time is longer than CPU time on a busy machine: of the models' thread their share of its time.
    const threads = [...threadCpuSeconds(process.pid)];
    const inference = Math.max(...threads.map(([thread, s]) => s - (before.threads.get(thread) ?? 0)));
    const modelShare = (vision.timings.modelMs - before.modelMs) / (vision.timings.totalMs - before.totalMs);
    const modelMs = perFace(inference * 1000) * modelShare;
    const details = { 'in the models, ms': modelMs, frames: RUNS };
    const shared = { unit: 'ms of CPU', compare: 'at most' } as const;
    return [
      { ...shared, name: NAME, measured: cpuMs, target: 23, details },
      {
        ...shared,
        name: 'of it our own, before and after the models',
        measured: cpuMs - modelMs,
        target: 3,
        details: {},
      },
    ];
  },
};

/** A photo with faces, cut to the shape of a camera's picture. */
async function sampleFrame(directory: string): Promise<RgbImage> {
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory });
  const { data, width, height } = await decodeImage(await readFile(join(directory, 'sample3.jpg')), {
    maxSide: 640,
  });
  if (width !== 640 || height < 360) throw new Error('The sample photo has another shape than it had.');
  return { data: data.subarray(0, width * 360 * 3), width, height: 360 };
}

async function recognise(vision: Vision, frame: RgbImage): Promise<void> {
  const [face] = await vision.detectFaces(frame);
  if (!face) throw new Error('No face was found in the sample photo.');
  const region = faceRegion(face.box, frame, face.points);
  const pixels = sampleRegion(frame, region.rect, { width: region.side, height: region.side });
  const [description] = await vision.describeFaces([{ region, pixels, embedFromScore: 0 }]);
  if (!description?.embedding) throw new Error('The face of the sample photo has no embedding.');
}
