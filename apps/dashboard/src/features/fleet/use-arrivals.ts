import { durationInWords } from '../../components/time';
import { useNow } from '../../components/use-now';
import { useWorkerName } from '../workers/use-workers';
import { useFleetChanges } from './fleet-log-provider';

/** A camera is called newly arrived for this long. */
const ARRIVED_MS = 60_000;

/** The cameras that came to a worker lately, each with whence and when: `From gate-house, 3 s ago`. */
export function useArrivals(workerId: string): ReadonlyMap<string, string> {
  const changes = useFleetChanges();
  const nowMs = useNow();
  const workerName = useWorkerName();
  const arrivals = new Map<string, string>();
  for (const change of changes) {
    if (nowMs - change.at > ARRIVED_MS) break;
    if (change.kind !== 'move' || change.to !== workerId || arrivals.has(change.cameraId)) continue;
    const whence = change.from === workerId ? 'Started anew' : `From ${workerName(change.from)}`;
    arrivals.set(change.cameraId, `${whence}, ${durationInWords(nowMs - change.at)} ago`);
  }
  return arrivals;
}
