import type { WorkerView } from '@camfleet/protocol';
import type { FleetWorker } from './fleet-view';

export interface Site {
  /** `null`: workers that name no site. */
  id: string | null;
  workers: FleetWorker[];
}

/** Workers by site, sites by name, those without one last; workers keep their order. */
export function bySite(workers: readonly FleetWorker[]): Site[] {
  const sites = new Map<string | null, FleetWorker[]>();
  for (const worker of workers) sites.set(worker.siteId, [...(sites.get(worker.siteId) ?? []), worker]);
  return [...sites]
    .map(([id, members]) => ({ id, workers: members }))
    .sort((a, b) => Number(a.id === null) - Number(b.id === null) || (a.id ?? '').localeCompare(b.id ?? ''));
}

/** Cameras that the other workers, as they are now, still have places for. */
export function placesElsewhere(workerId: string, workers: readonly WorkerView[]): number {
  return workers
    .filter(({ id, state }) => id !== workerId && state === 'online')
    .reduce((sum, { capacity, cameras }) => sum + Math.max(0, capacity.cameras - cameras.length), 0);
}
