import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Answers } from './messages';
import { percentile } from '../measure/statistics';
import type { SimulatedWorker } from './simulated-worker';

const VECTOR_LENGTH = 512;
/** Made once: writing vectors must not cost the bench what reading them costs the API. */
const VECTORS = 64;

const BatchAnswer = z.object({
  accepted: z.number(),
  duplicates: z.number(),
  rejected: z.array(z.unknown()),
});

/** Each sender is one worker's outbox: one batch after the other. Counts what the API says it has stored. */
export async function sendEvents(
  workers: readonly SimulatedWorker[],
  { seconds, batchSize, senders }: { seconds: number; batchSize: number; senders: number },
): Promise<Answers['ingest']> {
  const vectors = Array.from({ length: VECTORS }, () => JSON.stringify(randomVector()));
  const tookMs: number[] = [];
  const sum = { accepted: 0, rejected: 0, failures: 0 };
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  const run = async (worker: SimulatedWorker) => {
    while (performance.now() < until) {
      const sentAt = performance.now();
      const { status, text } = await worker.post('/api/events', batch(worker, { batchSize, vectors }));
      tookMs.push(performance.now() - sentAt);
      const answer = status === 200 ? BatchAnswer.parse(JSON.parse(text)) : undefined;
      sum.accepted += answer?.accepted ?? 0;
      sum.rejected += answer?.rejected.length ?? 0;
      sum.failures += answer ? 0 : 1;
    }
  };
  await Promise.all(
    workers
      .filter(({ held }) => held.length > 0)
      .slice(0, senders)
      .map(run),
  );
  return {
    ...sum,
    seconds: (performance.now() - startedAt) / 1_000,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
  };
}

function batch(
  worker: SimulatedWorker,
  { batchSize, vectors }: { batchSize: number; vectors: readonly string[] },
): string {
  const occurredAt = new Date().toISOString();
  const events = Array.from({ length: batchSize }, (_, index) => {
    const camera = worker.held[index % worker.held.length];
    const head = JSON.stringify({
      id: randomUUID(),
      type: 'face',
      ...camera,
      occurredAt,
      trackId: randomUUID(),
      state: 'update',
      label: 'face',
      score: 0.93,
      box: [0.1, 0.2, 0.05, 0.09],
      quality: { score: 0.7, sharpness: 0.5 },
    });
    const vector = vectors[index % vectors.length] ?? '[]';
    return `${head.slice(0, -1)},"embedding":{"model":"sface","version":"1","vector":${vector}}}`;
  });
  return `{"workerId":${JSON.stringify(worker.id)},"events":[${events.join(',')}]}`;
}

/** As workers send it: of length one, six digits. */
function randomVector(): number[] {
  const raw = Array.from({ length: VECTOR_LENGTH }, () => Math.random() - 0.5);
  const length = Math.hypot(...raw);
  return raw.map((value) => Math.round((value / length) * 1e6) / 1e6);
}
