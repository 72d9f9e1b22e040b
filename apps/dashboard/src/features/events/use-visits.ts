import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { listVisits } from '../../api/events';
import { KEYS } from '../../api/query-keys';
import { useLiveClient } from '../live/live-provider';
import { MAX_LIVE_VISITS, withIdentity, withLiveEvent, type VisitFilter } from './live-visits';
import { mergedVisits, type Visit } from './visit';

const NONE: ReadonlyMap<string, Visit> = new Map();

/** The visits of a filter: pages read from the server, and on top what happens while one looks. */
export function useVisits(filter: VisitFilter) {
  const queries = useQueryClient();
  const client = useLiveClient();
  const [live, setLive] = useState(NONE);
  const query = useInfiniteQuery({
    queryKey: [...KEYS.visits, filter.personId === undefined ? 'anybody' : 'person', filter],
    queryFn: ({ pageParam, signal }) =>
      listVisits({ ...filter, type: filter.type ?? 'face' }, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    // What was read before may miss what happened since: read again each time the page is opened.
    staleTime: 0,
    refetchOnWindowFocus: false,
  });

  useEffect(() => {
    let current = NONE;
    return client.listen((notice) => {
      if (notice.type === 'visit') current = withIdentity(current, notice);
      // What they show may have changed meanwhile: it is read again.
      else if (notice.type === 'refresh') current = NONE;
      else if (notice.type === 'event') current = withLiveEvent(current, notice.event, filter);
      else return;
      if (current.size >= MAX_LIVE_VISITS) {
        // Too many to keep beside the pages: let the pages have them.
        current = NONE;
        void queries.invalidateQueries({ queryKey: KEYS.visits });
      }
      setLive(current);
    });
  }, [client, filter, queries]);

  const visits = useMemo(() => {
    const all = mergedVisits(query.data?.pages.flatMap((page) => page.items) ?? [], live.values());
    const { personId } = filter;
    return personId === undefined ? all : all.filter(({ person }) => person?.id === personId);
  }, [query.data, live, filter]);
  return { query, visits };
}
