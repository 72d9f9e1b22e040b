import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ExactFaceIndex } from '@camfleet/face-index';
import { FaceLikeVectors } from './face-like';
import { DIMENSIONS, FACES, queries, visits } from './library';
import { scalarScores } from './scalar';

const SEARCHES = 300;
const SCALAR_SEARCHES = 60;
const WARM_UP = 20;

/** The exact index, alone in a process of its own; answers over IPC. */
async function main(): Promise<void> {
  const vectors = new FaceLikeVectors(DIMENSIONS);
  const index = await ExactFaceIndex.open();
  const { bytes: emptyBytes } = await index.size();
  const matrix = new Float32Array(FACES * DIMENSIONS);
  let row = 0;
  for (const batch of visits(vectors)) {
    await index.upsert(batch);
    for (const { vector } of batch) matrix.set(vector, DIMENSIONS * row++);
  }
  const wanted = queries(vectors, SEARCHES + WARM_UP);
  for (const query of wanted.splice(0, WARM_UP)) await index.search(query);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const exactMs: number[] = [];
  const best: number[] = [];
  for (const query of wanted) {
    const startedAt = performance.now();
    const [hit] = await index.search(query);
    exactMs.push(performance.now() - startedAt);
    best.push(hit?.score ?? NaN);
  }
  loop.disable();
  const scalarMs: number[] = [];
  let greatestError = 0;
  for (const [number, query] of wanted.slice(0, SCALAR_SEARCHES).entries()) {
    const startedAt = performance.now();
    const scores = scalarScores(matrix, query.vector);
    scalarMs.push(performance.now() - startedAt);
    const highest = scores.reduce((most, score) => Math.max(most, score), -1);
    greatestError = Math.max(greatestError, Math.abs(highest - (best[number] ?? NaN)));
  }
  const { bytes } = await index.size();
  process.send?.({ exactMs, scalarMs, emptyBytes, bytes, greatestError, loopMs: loop.max / 1e6 });
  await index.close();
}

void main();
