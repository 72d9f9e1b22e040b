import { readMetric } from './metrics';
import { threadCpuSeconds } from './processes';

interface Reading {
  modelSeconds: number;
  inferenceSeconds: number;
  /** By child and thread. */
  threads: Map<string, number>;
}

/**
 * CPU time of the models alone. The worker knows how long they took, which on a busy machine is longer than they
 * computed; the kernel knows what their thread computed, which is more than the models. So: the thread's CPU time,
 * times the models' share of the thread's time. The thread is the busiest one beside the main threads: of those
 * that decode there are dozens, which take turns.
 */
export async function modelCpuSeconds(
  worker: { url: string; children: readonly number[] },
  work: () => Promise<void>,
): Promise<number> {
  const before = await read(worker);
  await work();
  const after = await read(worker);
  const models = after.modelSeconds - before.modelSeconds;
  const inference = after.inferenceSeconds - before.inferenceSeconds;
  const busiest = Math.max(
    0,
    ...[...after.threads].map(([thread, seconds]) => seconds - (before.threads.get(thread) ?? 0)),
  );
  return inference > 0 ? Math.min(models, busiest * (models / inference)) : 0;
}

async function read({ url, children }: { url: string; children: readonly number[] }): Promise<Reading> {
  const threads = new Map(
    children.flatMap((pid) =>
      [...threadCpuSeconds(pid)].map(([thread, seconds]) => [`${pid}/${thread}`, seconds] as const),
    ),
  );
  const metric = (name: string) => readMetric(url, `camfleet_worker_child_${name}_seconds_total`);
  return { threads, modelSeconds: await metric('model'), inferenceSeconds: await metric('inference') };
}
