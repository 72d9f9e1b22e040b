import { request } from 'undici';
import { z } from 'zod';

const TIMEOUT_MS = 1_000;

export type WorkerHealth =
  { kind: 'answered'; instanceId: string } | { kind: 'refused' } | { kind: 'silent'; error: unknown };

const Health = z.object({ instanceId: z.string() });

/** Asks a worker's `/healthz`. `refused`: its machine is there and says that nobody listens. */
export async function askHealth(publicUrl: string): Promise<WorkerHealth> {
  try {
    const answer = await request(`${publicUrl}/healthz`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { kind: 'answered', instanceId: Health.parse(await answer.body.json()).instanceId };
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    return code === 'ECONNREFUSED' ? { kind: 'refused' } : { kind: 'silent', error };
  }
}
