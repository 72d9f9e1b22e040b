import { until } from '@camfleet/testing';
import { FeedReader } from '../../feed/feed-reader';
import type { ChaosFleet } from '../chaos-fleet';

/** What the fleet has to do again when nothing is wrong any more. */
export interface Recovery {
  /** Until the last camera showed a new picture; undefined: it did not within the bound. */
  tookMs?: number;
  breaches: string[];
}

/** A camera that shows nothing for so long has its state noted. */
const NOTE_INTERVAL_MS = 3_000;

/** Waits until every camera shows new pictures to a viewer, by turns of one replica and another. */
export async function checkRecovery(fleet: ChaosFleet, boundMs: number): Promise<Recovery> {
  const startedAtMs = performance.now();
  const deadlineMs = startedAtMs + boundMs;
  const waits = fleet.cameraIds.map(async (id, index) => {
    if (await showsPictures(fleet, { id, index, deadlineMs })) return [];
    return [`/cam${index + 1} shows no picture ${boundMs} ms after everything was well`];
  });
  const breaches = (await Promise.all(waits)).flat();
  const tookMs = Math.round(performance.now() - startedAtMs);
  return breaches.length > 0 ? { breaches } : { tookMs, breaches };
}

/** False when it did not until the deadline. Of what it waits for, the history tells. */
async function showsPictures(
  fleet: ChaosFleet,
  { id, index, deadlineMs }: { id: string; index: number; deadlineMs: number },
): Promise<boolean> {
  let turn = index;
  const shown = async () => {
    const api = fleet.api(turn++ % fleet.replicas.length);
    const waitMs = Math.min(deadlineMs - performance.now(), NOTE_INTERVAL_MS);
    try {
      using feed = await FeedReader.open(api, id);
      await feed.next('a picture comes', (part) => !part.isSlate, waitMs);
      return true;
    } catch (error) {
      const state = await api.status(id).catch((reason: unknown) => String(reason));
      fleet.history.note('waiting', { camera: index + 1, error: String(error), state });
      return false;
    }
  };
  return until('the camera shows a picture', shown, deadlineMs - performance.now()).catch(() => false);
}
