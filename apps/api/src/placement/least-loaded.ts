import type { PlacementCandidate, WaitingCamera } from '@camfleet/database';

export type Choice = { workerId: string } | { reason: string };

/**
 * The worker with the smallest share of its places taken, among those that the camera may run on.
 * Equal shares go to the one that matches more of the camera's preferences, then to the lower id.
 */
export function leastLoaded(camera: WaitingCamera, candidates: readonly PlacementCandidate[]): Choice {
  const sameTenant = candidates.filter((worker) => worker.tenantId === camera.tenantId);
  if (sameTenant.length === 0) return { reason: 'NO_WORKER_AVAILABLE: no worker is online.' };
  const matching = sameTenant.filter((worker) => matches(camera.require, worker));
  if (matching.length === 0)
    return {
      reason: 'NO_WORKER_AVAILABLE: no worker that is online has the labels that this camera requires.',
    };
  const free = matching.filter((worker) => worker.assigned < worker.capacity.cameras);
  const [best] = free.sort(
    (a, b) =>
      share(a) - share(b) ||
      preferred(camera.prefer, b) - preferred(camera.prefer, a) ||
      (a.id < b.id ? -1 : 1),
  );
  return best ? { workerId: best.id } : { reason: 'NO_WORKER_AVAILABLE: every worker is full.' };
}

function share(worker: PlacementCandidate): number {
  return worker.assigned / worker.capacity.cameras;
}

function matches(labels: Record<string, string>, worker: PlacementCandidate): boolean {
  return Object.entries(labels).every(([name, value]) => labelOf(worker, name) === value);
}

function preferred(labels: Record<string, string>, worker: PlacementCandidate): number {
  return Object.entries(labels).filter(([name, value]) => labelOf(worker, name) === value).length;
}

/** A worker's site counts as a label named `site`. */
function labelOf(worker: PlacementCandidate, name: string): string | undefined {
  return worker.labels[name] ?? (name === 'site' ? (worker.siteId ?? undefined) : undefined);
}
