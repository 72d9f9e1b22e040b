import type { TrackView } from '@camfleet/protocol';
import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { KEYS } from '../../api/query-keys';
import {
  listFrames,
  listImageAnalyses,
  listLog,
  listSnapshots,
  listTracks,
  tracksBetween,
} from '../../api/videos';

/** Files' addresses are signed for a while: they are asked for anew before they end. */
const FRESH_MS = 5 * 60_000;
const firstPage = undefined as string | undefined;
const nextPage = (page: { nextCursor: string | null }) => page.nextCursor ?? undefined;

/** More than these the page does not read: 100 pages of 500. */
const MAX_TRACK_PAGES = 100;

/**
 * All tracks of a video without their boxes, page after page. What was found in a video is written when a job is done,
 * and told by the live connection.
 */
export function useTracks(videoId: string) {
  const query = useInfiniteQuery({
    queryKey: [...KEYS.findings, videoId, 'tracks'],
    queryFn: ({ pageParam, signal }) => listTracks(videoId, { cursor: pageParam, signal }),
    initialPageParam: firstPage,
    getNextPageParam: (page, pages) => (pages.length < MAX_TRACK_PAGES ? nextPage(page) : undefined),
    staleTime: FRESH_MS,
  });
  const { data, hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const tracks = useMemo(() => data?.pages.flatMap(({ items }) => items) ?? [], [data]);
  const lastPage = data?.pages.at(-1);
  return {
    tracks,
    loading: hasNextPage && !isError,
    /** There are more than are ever read. */
    isCut: data?.pages.length === MAX_TRACK_PAGES && lastPage?.nextCursor !== null,
    error: query.error,
    retry: query.refetch,
  };
}

/** Boxes are read for so long a part of the video at a time. */
const PART_MS = 30_000;
/** A track is still drawn for a moment after its last box. */
const MARGIN_MS = 1_000;

/** The tracks around one moment of a video, with their boxes; what comes next is read ahead. */
export function useTracksAt(videoId: string, timeMs: number): TrackView[] {
  const part = Math.floor(timeMs / PART_MS);
  const [now] = useQueries({
    queries: [part, part + 1].map((each) => ({
      queryKey: [...KEYS.findings, videoId, 'boxes', each],
      queryFn: ({ signal }: { signal: AbortSignal }) => {
        const span = { fromMs: Math.max(0, each * PART_MS - MARGIN_MS), toMs: (each + 1) * PART_MS };
        return tracksBetween(videoId, span, signal);
      },
      staleTime: FRESH_MS,
    })),
  });
  return now?.data ?? NONE;
}

const NONE: TrackView[] = [];

export function useFrames(videoId: string) {
  return useInfiniteQuery({
    queryKey: [...KEYS.findings, videoId, 'frames'],
    queryFn: ({ pageParam, signal }) => listFrames(videoId, { cursor: pageParam, signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    refetchInterval: FRESH_MS,
  });
}

export function useSnapshots(videoId: string) {
  return useInfiniteQuery({
    queryKey: [...KEYS.findings, videoId, 'snapshots'],
    queryFn: ({ pageParam, signal }) => listSnapshots(videoId, { cursor: pageParam, signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    refetchInterval: FRESH_MS,
  });
}

/** It goes on after the video itself is done. */
const STAGE_AGAIN_MS = 15_000;

export function useImageAnalyses(videoId: string) {
  return useInfiniteQuery({
    queryKey: [...KEYS.findings, videoId, 'analyses'],
    queryFn: ({ pageParam, signal }) => listImageAnalyses(videoId, { cursor: pageParam, signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    refetchInterval: STAGE_AGAIN_MS,
  });
}

const LOG_AGAIN_MS = 5_000;

export function useVideoLog(videoId: string) {
  return useInfiniteQuery({
    queryKey: [...KEYS.findings, videoId, 'log'],
    queryFn: ({ pageParam, signal }) => listLog(videoId, { cursor: pageParam, signal }),
    initialPageParam: firstPage,
    getNextPageParam: nextPage,
    refetchInterval: LOG_AGAIN_MS,
  });
}
