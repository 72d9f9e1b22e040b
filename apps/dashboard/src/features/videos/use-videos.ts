import type { Video, VideoStatus } from '@camfleet/protocol';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { KEYS } from '../../api/query-keys';
import { fetchVideo, listVideos } from '../../api/videos';

/** The live connection tells what changes; reading again is the safety net. */
const WHILE_BUSY_MS = 5_000;
const WHILE_IDLE_MS = 30_000;

const isBusy = ({ status }: Video) => status === 'queued' || status === 'processing';
const again = (videos: readonly Video[]) => (videos.some(isBusy) ? WHILE_BUSY_MS : WHILE_IDLE_MS);

export function useVideos(status: VideoStatus | undefined) {
  return useInfiniteQuery({
    queryKey: [...KEYS.videos, 'list', status],
    queryFn: ({ pageParam, signal }) => listVideos(status, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (shown) => shown,
    // What came while another page was open is there at once.
    refetchOnMount: 'always',
    refetchInterval: ({ state }) => again(state.data?.pages.flatMap(({ items }) => items) ?? []),
  });
}

export function useVideo(id: string) {
  return useQuery<Video>({
    queryKey: [...KEYS.videos, 'one', id],
    queryFn: ({ signal }) => fetchVideo(id, signal),
    refetchInterval: ({ state }) => again(state.data ? [state.data] : []),
  });
}
