import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { KEYS } from '../../api/query-keys';
import { listFrames, listImageAnalyses, listLog, listSnapshots, listTracks } from '../../api/videos';

/** Files' addresses are signed for a while: they are asked for anew before they end. */
const FRESH_MS = 5 * 60_000;
const firstPage = undefined as string | undefined;
const nextPage = (page: { nextCursor: string | null }) => page.nextCursor ?? undefined;

/** What was found in a video is written when a job is done, and told by the live connection. */
export function useTracks(videoId: string) {
  return useQuery({
    queryKey: [...KEYS.findings, videoId, 'tracks'],
    queryFn: ({ signal }) => listTracks(videoId, signal),
    staleTime: FRESH_MS,
  });
}

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
