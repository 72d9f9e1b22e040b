import { until } from '@camfleet/testing';
import type { ChaosFleet } from '../chaos-fleet';

const EMPTY_WITHIN_MS = 30_000;

/** Waits until every worker has delivered what it kept; what it counted as lost or refused is a breach. */
export async function checkOutboxes(fleet: ChaosFleet): Promise<string[]> {
  const results = await Promise.allSettled(
    fleet.workers.map(async ({ id, url }) => {
      await until(
        `${id} has delivered its events`,
        async () => (await figure(url, 'outbox_events').catch(() => NaN)) === 0,
        EMPTY_WITHIN_MS,
      );
      const [lost, rejected] = [
        await figure(url, 'lost_events_total'),
        await figure(url, 'rejected_events_total'),
      ];
      if (lost > 0 || rejected > 0)
        throw new Error(`${id} counts ${lost} events as lost and ${rejected} as refused by the API`);
    }),
  );
  return results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
}

async function figure(workerUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${workerUrl}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
  return Number(new RegExp(`^camfleet_worker_${name}(?:\\{.*\\})? (\\S+)`, 'm').exec(text)?.[1] ?? NaN);
}
