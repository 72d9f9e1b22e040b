import type { Camera, WorkerView } from '@camfleet/protocol';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { listMoves } from '../../api/assignments';
import { listFleetEvents } from '../../api/events';
import { KEYS } from '../../api/query-keys';
import type { LiveNotice } from '../../api/live-client';
import { useLiveClient } from '../live/live-provider';
import { FleetLog, type FleetChange } from './fleet-log';

const FleetLogContext = createContext<FleetLog | null>(null);

/** Keeps the log from the moment one signs in, whatever page is open. */
export function FleetLogProvider({ children }: { children: ReactNode }) {
  const [log] = useState(() => new FleetLog());
  const client = useLiveClient();
  const queries = useQueryClient();
  useEffect(() => client.listen((notice) => tell(log, notice)), [client, log]);
  useEffect(() => {
    learn(log, queries);
    return queries.getQueryCache().subscribe(({ type, query }) => {
      const list = query.queryKey[0];
      if (type === 'updated' && (list === KEYS.cameras[0] || list === KEYS.workers[0])) learn(log, queries);
    });
  }, [log, queries]);
  return <FleetLogContext value={log}>{children}</FleetLogContext>;
}

function learn(log: FleetLog, queries: QueryClient): void {
  log.baseline({
    cameras: queries.getQueryData<Camera[]>(KEYS.cameras) ?? [],
    workers: queries.getQueryData<WorkerView[]>(KEYS.workers) ?? [],
  });
}

function tell(log: FleetLog, notice: LiveNotice): void {
  switch (notice.type) {
    case 'camera':
      return log.camera(notice.cameraId, notice.camera);
    case 'worker':
      return log.worker(notice.workerId, notice.worker);
    case 'event':
      return log.event(notice.event);
    case 'reset':
    case 'refresh':
      log.forget();
      // Without the record the log begins with what happens from now on.
      listFleetEvents().then(
        (events) => events.forEach((event) => log.event(event)),
        () => undefined,
      );
      listMoves().then(
        (moves) => moves.forEach((move) => log.move(move)),
        () => undefined,
      );
  }
}

export function useFleetLog(): FleetLog {
  const log = useContext(FleetLogContext);
  if (!log) throw new Error('useFleetLog outside of FleetLogProvider');
  return log;
}

export function useFleetChanges(): readonly FleetChange[] {
  const { changes } = useFleetLog();
  return useSyncExternalStore(changes.watch, changes.get);
}
