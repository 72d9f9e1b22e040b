import type { Camera, WorkerView } from '@camfleet/protocol';
import { localTime } from '../../components/time';
import type { FleetChange } from './fleet-log';

export interface FleetCamera {
  cameraId: string;
  name: string;
  epoch: number;
  state: WorkerView['cameras'][number]['state'];
  /** It came from another worker a moment ago. */
  arrived: boolean;
  /** Whence and when it came, or that it is being handed over. */
  note?: string;
}

export interface FleetWorker extends Omit<WorkerView, 'cameras'> {
  cameras: FleetCamera[];
}

/** A camera is called newly arrived for this long. */
const ARRIVED_MS = 60_000;

export interface FleetFacts {
  workers: readonly WorkerView[];
  cameras: readonly Camera[];
  /** Newest first. */
  changes: readonly FleetChange[];
  workerName: (id: string) => string;
  nowMs: number;
}

/** Workers with what each runs right now; what has just arrived stands first, the rest by name. */
export function fleetView({ workers, cameras, changes, workerName, nowMs }: FleetFacts): FleetWorker[] {
  const streams = new Map(cameras.map(({ id, stream }) => [id, stream]));
  const arrivals = arrivalsOf(changes, { workerName, nowMs });
  return workers.map((worker) => ({
    ...worker,
    cameras: worker.cameras
      .map(({ assignment, ...row }): FleetCamera => {
        const stream = streams.get(row.cameraId);
        // Cameras are told of at once, workers are read every few seconds.
        const fresh = stream?.workerId === worker.id && stream.epoch === row.epoch;
        const arrival = arrivals.get(`${worker.id} ${row.cameraId}`);
        return {
          ...row,
          state: fresh ? stream.state : row.state,
          arrived: arrival !== undefined || assignment === 'standby',
          // A worker that does not answer says nothing of its cameras: what stands here is old.
          note: worker.state === 'suspect' ? 'When last heard' : (HANDOVER[assignment] ?? arrival),
        };
      })
      .sort((a, b) => Number(b.arrived) - Number(a.arrived) || a.name.localeCompare(b.name)),
  }));
}

/** While it is handed over a camera is with two workers. */
const HANDOVER: Partial<Record<WorkerView['cameras'][number]['assignment'], string>> = {
  standby: 'Taking it over',
  releasing: 'Handing it over',
};

/** By worker and camera, of each camera the last move alone. */
function arrivalsOf(
  changes: readonly FleetChange[],
  { workerName, nowMs }: Pick<FleetFacts, 'workerName' | 'nowMs'>,
): Map<string, string> {
  const arrivals = new Map<string, string>();
  const seen = new Set<string>();
  for (const change of changes) {
    if (nowMs - change.at > ARRIVED_MS) break;
    if (change.kind !== 'move' || change.to === null || seen.has(change.cameraId)) continue;
    seen.add(change.cameraId);
    const time = localTime(new Date(change.at).toISOString());
    const whence = change.from === change.to ? 'Started anew' : `From ${workerName(change.from)}`;
    arrivals.set(`${change.to} ${change.cameraId}`, `${whence} at ${time}`);
  }
  return arrivals;
}
