import type { Camera, WorkerView } from '@camfleet/protocol';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveClient, LiveNotice } from '../../api/live-client';
import { KEYS } from '../../api/query-keys';
import { withChange } from './with-change';

/** Writes what the live connection tells into the lists that were read. */
export function useLiveCache(client: LiveClient): void {
  const queries = useQueryClient();
  useEffect(() => client.listen((notice) => apply(queries, notice)), [client, queries]);
  useEffect(
    () =>
      client.connection.watch(() => {
        // A browser does not say why an upgrade was refused: ask whether the session still stands.
        if (client.connection.get() === 'waiting') void queries.invalidateQueries({ queryKey: KEYS.me });
      }),
    [client, queries],
  );
}

function apply(queries: QueryClient, notice: LiveNotice): void {
  switch (notice.type) {
    case 'camera':
      queries.setQueryData<Camera[]>(KEYS.cameras, (list) =>
        withChange(list, { id: notice.cameraId, item: notice.camera }),
      );
      break;
    case 'worker':
      queries.setQueryData<WorkerView[]>(KEYS.workers, (list) =>
        withChange(list, { id: notice.workerId, item: notice.worker }),
      );
      break;
    case 'reset':
    case 'refresh':
      void queries.invalidateQueries({ queryKey: KEYS.cameras });
      void queries.invalidateQueries({ queryKey: KEYS.workers });
      if (notice.type === 'reset') void queries.invalidateQueries({ queryKey: KEYS.visits });
      break;
    case 'event':
  }
}
