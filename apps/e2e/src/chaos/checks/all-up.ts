import { until } from '@camfleet/testing';
import type { ChaosFleet } from '../chaos-fleet';

/** A program takes as long to start as the machine lets it; that is no promise of ours. */
const START_WITHIN_MS = 90_000;

/** Waits until every replica and every worker that was killed has started again, and says so itself. */
export async function allUp(fleet: ChaosFleet): Promise<void> {
  const members = [...fleet.replicas, ...fleet.workers];
  await Promise.all(
    members.map(({ id, url }) => until(`${id} has started`, () => isUp(url), START_WITHIN_MS)),
  );
}

async function isUp(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
  return answer?.ok ?? false;
}
