import type { VideoJobRow, VideoRow } from '@camfleet/database';
import { type Video, VIDEO_STATUSES, type VideoJob } from '@camfleet/protocol';

export function toJob({ id, analysisType, state, attemptCount, progress, lastError }: VideoJobRow): VideoJob {
  return { id, analysisType, state, attemptCount, progress, lastError };
}

/** Of a video that was received. */
export function toView(
  row: VideoRow,
  { jobs, thumbnailUrl }: { jobs: readonly VideoJobRow[]; thumbnailUrl?: string | undefined },
): Video {
  const { id, workspaceId, fileName, progress, durationMs, fps, codec, width, height } = row;
  const status = VIDEO_STATUSES.find((known) => known === row.status);
  if (!status) throw new Error(`The stored status ${row.status} is none of a video.`);
  return {
    ...{ id, workspaceId, fileName, status, progress, durationMs, fps, codec, width, height },
    firstPictureMs: row.firstPictureMs,
    truncated: row.truncated,
    sizeBytes: Number(row.sizeBytes),
    ...(thumbnailUrl !== undefined && { thumbnailUrl }),
    ...(row.errorCode !== null && { error: { code: row.errorCode, message: row.errorMessage ?? '' } }),
    jobs: jobs.filter(({ videoId }) => videoId === id).map(toJob),
    ...(row.eventId !== null && { eventId: row.eventId }),
    ...(row.recordedAt && { recordedAt: row.recordedAt.toISOString() }),
    createdAt: row.createdAt.toISOString(),
  };
}
