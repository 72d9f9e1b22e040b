import type { Camera, EventView, Page, WorkerView } from '@camfleet/protocol';
import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveClient, LiveNotice } from '../../api/live-client';
import { KEYS } from '../../api/query-keys';
import { eventWithIdentity } from '../events/live-visits';
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
      // Events are resumed by themselves, whom they show is not.
      for (const queryKey of [KEYS.visits, KEYS.people, KEYS.unknown])
        void queries.invalidateQueries({ queryKey });
      // Nobody should have to press «Try again» on a server that is back.
      void queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
      break;
    case 'visit':
      queries.setQueriesData<InfiniteData<Page<EventView>>>(
        { queryKey: KEYS.visits },
        (list) => list && withPages(list, (event) => eventWithIdentity(event, notice)),
      );
      soonAgain(queries);
      break;
    case 'event':
  }
}

function withPages(
  list: InfiniteData<Page<EventView>>,
  change: (event: EventView) => EventView,
): InfiniteData<Page<EventView>> {
  const pages = list.pages.map((page) => ({ ...page, items: page.items.map(change) }));
  return { ...list, pages };
}

const SOON_MS = 1_000;
const waiting = new WeakSet<QueryClient>();

/** Counts, unknown groups and a person's visits move with each recognition: read again once for many of them. */
function soonAgain(queries: QueryClient): void {
  if (waiting.has(queries)) return;
  waiting.add(queries);
  setTimeout(() => {
    waiting.delete(queries);
    for (const queryKey of [KEYS.people, KEYS.unknown, [...KEYS.visits, 'person']])
      // What could not be read at all stays said so; it is tried again by itself, or by a press.
      void queries.invalidateQueries({ queryKey, predicate: ({ state }) => state.data !== undefined });
  }, SOON_MS);
}
