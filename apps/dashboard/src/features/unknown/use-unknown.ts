import { useInfiniteQuery } from '@tanstack/react-query';
import { listUnknown } from '../../api/people';
import { KEYS } from '../../api/query-keys';

const AGAIN_MS = 15_000;

/** Groups of visits of people whom nobody knows, page by page. The live connection says when to look again. */
export function useUnknown() {
  return useInfiniteQuery({
    queryKey: KEYS.unknown,
    queryFn: ({ pageParam, signal }) => listUnknown({ cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: AGAIN_MS,
  });
}
