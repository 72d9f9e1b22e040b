import { CamfleetError } from '@camfleet/domain';
import type { Transaction, VideoRow } from '@camfleet/database';
import type { FinishedJob } from '../../jobs/result-sink';
import type { SnapshotVideo } from '../../messages/snapshots-found';

/** The video whose result is stored, with what the job was told of it. */
export interface FoundVideo extends SnapshotVideo {
  /** What the times of its events count from, Unix ms. */
  startMs: number;
  /** Whose word that is; `uploaded`: nobody said when it was recorded. */
  timeSource: 'recorded' | 'uploaded';
  /** Everything that workers put beside it lies here; ends with `/`. */
  folder: string;
  /** It shows what a camera's events tell of already. */
  isClip: boolean;
}

/** `undefined`: the job is of no video, so that nothing of it is listed. */
export async function foundVideo(tx: Transaction, job: FinishedJob): Promise<FoundVideo | undefined> {
  if (job.videoId === null) return undefined;
  const video = await tx.video.findFirst({ where: { id: job.videoId, tenantId: job.tenantId } });
  return video ? describe(video, job.params) : undefined;
}

function describe(video: VideoRow, params: Record<string, unknown>): FoundVideo {
  const told = (name: string) => {
    const value = params[name];
    return typeof value === 'string' ? value : undefined;
  };
  const recordedAt = told('recorded_at') ?? video.recordedAt?.toISOString() ?? null;
  return {
    tenantId: video.tenantId,
    videoId: video.id,
    workspaceId: video.workspaceId,
    workspaceCode: told('workspace_code') ?? video.workspaceCode ?? '',
    cameraCode: told('camera_code') ?? video.cameraCode ?? '',
    recordedAt,
    startMs: recordedAt === null ? (video.uploadedAt ?? video.createdAt).getTime() : Date.parse(recordedAt),
    timeSource: recordedAt === null ? 'uploaded' : 'recorded',
    isClip: video.eventId !== null,
    folder: video.rawKey.slice(0, video.rawKey.lastIndexOf('raw/')),
  };
}

/** A worker names keys: they are of this video, and of what workers put there, or its result is refused. */
export function requireOwnKeys(
  { folder }: Pick<FoundVideo, 'folder'>,
  kind: 'frames' | 'snapshots' | 'faces',
  keys: readonly string[],
): void {
  const start = `${folder}${kind}/`;
  const other = keys.find((key) => !key.startsWith(start) || key.split('/').includes('..'));
  if (other !== undefined)
    throw new CamfleetError('RESULT_INVALID', `The key ${other} is none of this video's ${kind}.`);
}
