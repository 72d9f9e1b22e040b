import { until } from '@camfleet/testing';
import { FeedReader } from '../../feed/feed-reader';
import type { ChaosFleet } from '../chaos-fleet';

/** What the fleet has to do again when nothing is wrong any more. */
export interface Recovery {
  /** Until the last camera showed a new picture; undefined: it did not within the bound. */
  tookMs?: number;
  breaches: string[];
}

/** Waits until every camera shows new pictures to a viewer, by turns of one replica and another. */
export async function checkRecovery(fleet: ChaosFleet, boundMs: number): Promise<Recovery> {
  const startedAtMs = performance.now();
  const results = await Promise.allSettled(
    fleet.cameraIds.map((id, index) => showsPictures(fleet, { id, index, boundMs })),
  );
  const tookMs = Math.round(performance.now() - startedAtMs);
  const breaches = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
  return breaches.length > 0 ? { breaches } : { tookMs, breaches };
}

async function showsPictures(
  fleet: ChaosFleet,
  { id, index, boundMs }: { id: string; index: number; boundMs: number },
): Promise<void> {
  const deadline = performance.now() + boundMs;
  const api = fleet.api(index % fleet.replicas.length);
  let last = '';
  try {
    await until(
      'a picture comes',
      async () => {
        try {
          using feed = await FeedReader.open(api, id);
          await feed.next('a picture', (part) => !part.isSlate, Math.max(1, deadline - performance.now()));
          return true;
        } catch (error) {
          last = String(error);
          return false;
        }
      },
      boundMs,
    );
  } catch {
    const status = await api.status(id).catch((error: unknown) => String(error));
    const debug = await api.call('GET', '/api/streaming/debug').catch((error: unknown) => String(error));
    throw new Error(
      `/cam${index + 1} shows no picture ${boundMs} ms after everything was well: ${last} ` +
        `${JSON.stringify(status)} ${JSON.stringify(debug)}`,
    );
  }
}
