import type { Camera, EventView, Page, Video, WorkerView } from '@camfleet/protocol';
import { useQueryClient, type InfiniteData, type QueryClient, type QueryKey } from '@tanstack/react-query';
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
      for (const queryKey of [KEYS.visits, KEYS.people, KEYS.unknown, KEYS.videos, KEYS.findings, KEYS.jobs])
        void queries.invalidateQueries({ queryKey });
      // Nobody should have to press «Try again» on a server that is back.
      void queries.invalidateQueries({ predicate: ({ state }) => state.status === 'error' });
      break;
    case 'visit':
      queries.setQueriesData<InfiniteData<Page<EventView>>>(
        { queryKey: KEYS.visits },
        (list) => list && withPages(list, (event) => eventWithIdentity(event, notice)),
      );
      soonAgain(queries, [KEYS.people, KEYS.unknown, [...KEYS.visits, 'person']]);
      break;
    case 'video':
      applyVideo(queries, notice);
      break;
    case 'event':
  }
}

/** A video's progress is written where it is shown; what follows from it is read again. */
function applyVideo(queries: QueryClient, { videoId, video }: Extract<LiveNotice, { type: 'video' }>): void {
  const key = [...KEYS.videos, 'one', videoId];
  const before = queries.getQueryData<Video>(key);
  if (video) queries.setQueryData<Video>(key, video);
  const lists = queries.getQueriesData<InfiniteData<Page<Video>>>({ queryKey: [...KEYS.videos, 'list'] });
  for (const [list, data] of lists) {
    const row = data?.pages.flatMap(({ items }) => items).find(({ id }) => id === videoId);
    // A list that is written is taken for one that was just read: of one that lacks something nothing is written.
    if (data && row && video)
      queries.setQueryData(
        list,
        withPages(data, (each) => (each.id === videoId ? video : each)),
      );
    // With another status it may belong to another list. One that does not show it knows by what was told before.
    if ((row ?? before)?.status !== video?.status) soonAgain(queries, [list]);
  }
  soonAgain(queries, [KEYS.jobs]);
  if (!video || !before || doneJobs(video) !== doneJobs(before))
    soonAgain(queries, [[...KEYS.findings, videoId]]);
}

const doneJobs = ({ jobs }: Video) => jobs.filter(({ state }) => state === 'done').length;

function withPages<Item>(
  list: InfiniteData<Page<Item>>,
  change: (item: Item) => Item,
): InfiniteData<Page<Item>> {
  const pages = list.pages.map((page) => ({ ...page, items: page.items.map(change) }));
  return { ...list, pages };
}

const SOON_MS = 1_000;
const waiting = new WeakMap<QueryClient, Map<string, QueryKey>>();

/** What moves with each of many changes (counts, groups, lists) is read again once for all of them. */
function soonAgain(queries: QueryClient, keys: readonly QueryKey[]): void {
  let due = waiting.get(queries);
  if (!due) {
    due = new Map();
    waiting.set(queries, due);
    setTimeout(() => {
      const queryKeys = waiting.get(queries) ?? new Map<string, QueryKey>();
      waiting.delete(queries);
      for (const queryKey of queryKeys.values())
        // What could not be read at all stays said so; it is tried again by itself, or by a press.
        void queries.invalidateQueries({ queryKey, predicate: ({ state }) => state.data !== undefined });
    }, SOON_MS);
  }
  for (const key of keys) due.set(JSON.stringify(key), key);
}
