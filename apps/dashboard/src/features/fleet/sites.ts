import type { Camera, WorkerView } from '@camfleet/protocol';
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

/**
 * Of the cameras that a worker has, those that no other worker would take as it is now: it has no place left, or not
 * what the camera requires. Cameras with the fewest choices go first, so that what fits is not counted as waiting.
 */
export function camerasLeftOver(
  worker: FleetWorker,
  { workers, cameras }: { workers: readonly WorkerView[]; cameras: readonly Camera[] },
): number {
  const requires = new Map(cameras.map(({ id, require }) => [id, Object.entries(require)]));
  const others = workers
    .filter(({ id, state }) => id !== worker.id && state === 'online')
    .map((other) => ({ other, places: Math.max(0, other.capacity.cameras - other.cameras.length) }));
  const choices = worker.cameras
    .map(({ cameraId }) => {
      const wanted = requires.get(cameraId) ?? [];
      return others.filter(({ other }) =>
        wanted.every(([name, value]) => valuesOf(other, name).includes(value)),
      );
    })
    .sort((a, b) => a.length - b.length);
  let leftOver = 0;
  for (const fitting of choices) {
    const taker = fitting.find(({ places }) => places > 0);
    if (taker) taker.places -= 1;
    else leftOver += 1;
  }
  return leftOver;
}

/** What a camera may require of a worker, as the server reads it: labels first, then what is known without one. */
function valuesOf({ labels, siteId, models, hardware }: WorkerView, name: string): string[] {
  const label = labels[name];
  if (label !== undefined) return [label];
  if (name === 'site') return siteId === null ? [] : [siteId];
  if (name === 'model')
    return (models ?? []).flatMap((model) => [model.name, `${model.name}@${model.version}`]);
  if (!name.startsWith('hardware.')) return [];
  const value = hardware?.[name.slice('hardware.'.length)];
  return value === undefined ? [] : [String(value)];
}
