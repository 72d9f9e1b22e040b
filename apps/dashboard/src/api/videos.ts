import {
  FramePage,
  ImageAnalysisPage,
  ProcessAnswer,
  SnapshotPage,
  TrackPage,
  Video,
  VideoLogPage,
  VideoPage,
  type ProcessRequest,
  type VideoStatus,
} from '@camfleet/protocol';
import { fetchAll } from './fetch-all';
import { call, queryString } from './http';

const VIDEOS_PER_PAGE = 50;
const FRAMES_PER_PAGE = 60;
const LOG_LINES_PER_PAGE = 100;

const path = (id: string) => `/api/videos/${encodeURIComponent(id)}`;

/** Where a page of a list begins. */
interface At {
  cursor?: string;
  signal?: AbortSignal;
}

/** Newest first. */
export const listVideos = (status: VideoStatus | undefined, at: At) =>
  call(`/api/videos${queryString({ limit: VIDEOS_PER_PAGE, status, cursor: at.cursor })}`, {
    answer: VideoPage,
    signal: at.signal,
  });

export const fetchVideo = (id: string, signal?: AbortSignal) => call(path(id), { answer: Video, signal });

export const deleteVideo = (id: string) => call(path(id), { method: 'DELETE' });

export const processVideo = (id: string, body: ProcessRequest) =>
  call(`${path(id)}/process`, { method: 'POST', body, answer: ProcessAnswer });

export const listLog = (id: string, at: At) =>
  call(`${path(id)}/logs${queryString({ limit: LOG_LINES_PER_PAGE, cursor: at.cursor })}`, {
    answer: VideoLogPage,
    signal: at.signal,
  });

export const listFrames = (id: string, at: At) =>
  call(`${path(id)}/frames${queryString({ limit: FRAMES_PER_PAGE, cursor: at.cursor })}`, {
    answer: FramePage,
    signal: at.signal,
  });

const TRACKS_PER_PAGE = 500;

/** Without their boxes, which are most of it. */
export const listTracks = (id: string, at: At) =>
  call(`${path(id)}/tracks${queryString({ limit: TRACKS_PER_PAGE, boxes: 'false', cursor: at.cursor })}`, {
    answer: TrackPage,
    signal: at.signal,
  });

/** Those that are in the picture between two times, with the boxes that they are drawn from. */
export const tracksBetween = (id: string, span: { fromMs: number; toMs: number }, signal?: AbortSignal) =>
  fetchAll(`${path(id)}/tracks`, { page: TrackPage, query: span, signal });

export const listSnapshots = (id: string, at: At) =>
  call(`${path(id)}/snapshots${queryString({ limit: FRAMES_PER_PAGE, cursor: at.cursor })}`, {
    answer: SnapshotPage,
    signal: at.signal,
  });

/** The second stage: what classifiers say of the snapshots. */
export const listImageAnalyses = (id: string, at: At) =>
  call(`${path(id)}/analyses${queryString({ limit: FRAMES_PER_PAGE, cursor: at.cursor })}`, {
    answer: ImageAnalysisPage,
    signal: at.signal,
  });

/** The file itself, with `Range`; the session's cookie goes with it. */
export const videoUrl = (id: string) => `/video/${encodeURIComponent(id)}`;
