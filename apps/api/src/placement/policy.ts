import type { PlaceableCamera, PlacementCandidate, Policy } from '@camfleet/database';

/** What an unknown camera is taken to need: 720p at 15 pictures a second. */
const USUAL_PIXELS_PER_SECOND = 1280 * 720 * 15;

const NO_WORKER = 'NO_WORKER_AVAILABLE: no worker is online.';
const NO_MATCH = 'NO_WORKER_AVAILABLE: no worker that is online has what this camera requires.';
const FULL = 'NO_WORKER_AVAILABLE: every worker that may take it is full.';

/**
 * Among the workers with room on which the camera may run: the one that matches most of its preferences, of
 * those the one with the smallest share of its room taken, then the lower id. What it gives away is taken.
 */
export const leastLoaded: Policy = (candidates) => {
  const loads = candidates.map((candidate) => new WorkerLoad(candidate));
  const ranked = new Map<string, RankedWorkers>();
  return (camera) => {
    const key = JSON.stringify([camera.tenantId, camera.siteId, camera.require, camera.prefer]);
    const workers = ranked.get(key) ?? rank(camera, loads);
    ranked.set(key, workers);
    if ('reason' in workers) return workers;
    for (const equals of workers.byPreference) {
      const best = leastTaken(equals, camera);
      if (best) return best.take(camera);
    }
    return { reason: FULL };
  };
};

/** How much of a worker's room its cameras take, 0 to 1, by what is scarcer: places or pixels. */
export class WorkerLoad {
  /** Kept: each camera is compared with every worker. */
  share: number;
  private cameras: number;
  private pixels: number;

  constructor(readonly worker: PlacementCandidate) {
    this.cameras = worker.assigned;
    this.pixels = worker.pixelsPerSecond;
    this.share = this.shareOf(this.cameras, this.pixels);
  }

  shareWith(camera: PlaceableCamera): number {
    return this.shareOf(this.cameras + 1, this.pixels + pixelsOf(camera));
  }

  shareWithout(camera: PlaceableCamera): number {
    return this.shareOf(this.cameras - 1, this.pixels - pixelsOf(camera));
  }

  hasRoomFor(camera: PlaceableCamera): boolean {
    return this.shareWith(camera) <= 1;
  }

  take(camera: PlaceableCamera): { workerId: string } {
    this.cameras += 1;
    this.pixels += pixelsOf(camera);
    this.share = this.shareOf(this.cameras, this.pixels);
    return { workerId: this.worker.id };
  }

  private shareOf(cameras: number, pixels: number): number {
    const { capacity } = this.worker;
    const byPixels = capacity.pixelsPerSecond === undefined ? 0 : pixels / capacity.pixelsPerSecond;
    return Math.max(cameras / capacity.cameras, byPixels);
  }
}

/** Whether the worker has every label that the camera requires; a tenant's cameras stay among its workers. */
export function mayRun(camera: PlaceableCamera, worker: PlacementCandidate): boolean {
  return (
    camera.tenantId === worker.tenantId &&
    Object.entries(camera.require).every(([name, value]) => valuesOf(worker, name).includes(value))
  );
}

/** How many of the camera's preferences the worker meets; the camera's own site is one of them. */
export function preferencesMet(camera: PlaceableCamera, worker: PlacementCandidate): number {
  const site = camera.siteId !== null && camera.siteId === worker.siteId ? 1 : 0;
  const labels = Object.entries(camera.prefer);
  return site + labels.filter(([name, value]) => valuesOf(worker, name).includes(value)).length;
}

/** Labels come first; `site`, `model` (name, or name@version) and `hardware.<key>` are known without one. */
function valuesOf(worker: PlacementCandidate, name: string): string[] {
  const label = worker.labels[name];
  if (label !== undefined) return [label];
  if (name === 'site') return worker.siteId === null ? [] : [worker.siteId];
  if (name === 'model')
    return worker.models.flatMap((model) => [model.name, `${model.name}@${model.version}`]);
  if (!name.startsWith('hardware.')) return [];
  const value = worker.hardware?.[name.slice('hardware.'.length)];
  return value === undefined ? [] : [String(value)];
}

type RankedWorkers = { byPreference: WorkerLoad[][] } | { reason: string };

function rank(camera: PlaceableCamera, loads: readonly WorkerLoad[]): RankedWorkers {
  const ofTenant = loads.filter(({ worker }) => worker.tenantId === camera.tenantId);
  if (ofTenant.length === 0) return { reason: NO_WORKER };
  const matching = ofTenant.filter(({ worker }) => mayRun(camera, worker));
  if (matching.length === 0) return { reason: NO_MATCH };
  const byPreference: WorkerLoad[][] = [];
  for (const load of matching) (byPreference[preferencesMet(camera, load.worker)] ??= []).push(load);
  return { byPreference: byPreference.filter(Boolean).reverse() };
}

function leastTaken(loads: readonly WorkerLoad[], camera: PlaceableCamera): WorkerLoad | undefined {
  let best: WorkerLoad | undefined;
  let smallest = Infinity;
  for (const load of loads) {
    const { share } = load;
    if (share >= smallest || !load.hasRoomFor(camera)) continue;
    best = load;
    smallest = share;
  }
  return best;
}

function pixelsOf({ pixelsPerSecond }: PlaceableCamera): number {
  return pixelsPerSecond ?? USUAL_PIXELS_PER_SECOND;
}
