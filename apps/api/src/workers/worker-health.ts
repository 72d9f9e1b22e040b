import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { ConcurrencyLimit } from '../core/concurrency-limit';

const TIMEOUT_MS = 1_000;
/** A process that is just ending closes its sockets one after the other: a reset is no answer yet. */
const ASK_AGAIN_MS = 50;

export type WorkerHealth =
  { kind: 'answered'; instanceId: string } | { kind: 'refused' } | { kind: 'silent'; error: unknown };

/** Workers that are asked at a time: one that is silent takes a second, and a failed switch silences many. */
const asking = new ConcurrencyLimit(256);

const Health = z.object({ instanceId: z.string() });

/** Asks a worker's `/healthz`. `refused`: its machine is there and says that nobody listens. */
export function askHealth(publicUrl: string): Promise<WorkerHealth> {
  return asking.run(() => askUntilHeard(publicUrl));
}

async function askUntilHeard(publicUrl: string): Promise<WorkerHealth> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  for (;;) {
    const health = await askOnce(publicUrl, signal);
    if (health.kind !== 'silent' || signal.aborted) return health;
    await sleep(ASK_AGAIN_MS);
  }
}

async function askOnce(publicUrl: string, signal: AbortSignal): Promise<WorkerHealth> {
  try {
    // A connection of its own: one that was kept open says nothing of who listens.
    const answer = await request(`${publicUrl}/healthz`, { signal, reset: true });
    return { kind: 'answered', instanceId: Health.parse(await answer.body.json()).instanceId };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return code === 'ECONNREFUSED' ? { kind: 'refused' } : { kind: 'silent', error };
  }
}
