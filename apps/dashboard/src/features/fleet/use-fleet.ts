import type { Camera, WorkerView } from '@camfleet/protocol';
import { useNow } from '../../components/use-now';
import { useWorkerName } from '../workers/use-workers';
import { useFleetChanges, useFleetLog } from './fleet-log-provider';
import { fleetView, type FleetWorker } from './fleet-view';

/** The workers with what each runs; drawn anew with every change and whenever the lists are read. */
export function useFleet(workers: readonly WorkerView[], cameras: readonly Camera[]): FleetWorker[] {
  const changes = useFleetChanges();
  const workerName = useAnyWorkerName();
  // What has arrived is called so for a minute: that need not be counted in seconds.
  const nowMs = useNow(10_000);
  return fleetView({ workers, cameras, changes, workerName, nowMs });
}

/** A worker's name, also of one that was removed while the page was open. */
export function useAnyWorkerName(): (id: string) => string {
  const log = useFleetLog();
  const listed = useWorkerName();
  return (id) => log.nameOf(id) ?? listed(id);
}
