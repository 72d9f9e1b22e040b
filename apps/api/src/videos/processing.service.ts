import { JobsRepository, logVideo, settleVideo, type VideoRow, VideosRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import type { ProcessRequest, VideoAnalysis, VideoJob, VideoJobParams } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { InspectionService } from './inspection.service';
import { videoNotFound } from './intake.service';
import { toJob } from './video-view';

/** A recording that names no camera was taken by this one. */
const DEFAULT_CAMERA_CODE = 'CAM1';
const DEFAULT_FPS = 1;
const DEFAULT_STRIDE = 3;

/** How each analysis samples where nobody says: faces pass quickly, thumbnails need little. */
const DEFAULT_SAMPLING: Record<
  VideoAnalysis,
  Pick<VideoJobParams, 'sampling' | 'sample_fps' | 'frame_stride'>
> = {
  frames: { sampling: 'fps', sample_fps: DEFAULT_FPS },
  faces: { sampling: 'fps', sample_fps: 5 },
  objects: { sampling: 'stride', frame_stride: DEFAULT_STRIDE },
};

/** Makes jobs of a video. */
@Injectable()
export class ProcessingService {
  constructor(
    private readonly videos: VideosRepository,
    private readonly jobs: JobsRepository,
    private readonly inspection: InspectionService,
  ) {}

  /**
   * The same request again changes nothing; with other parameters its jobs run again. Throws `VIDEO_NOT_FOUND`,
   * `VIDEO_REFUSED`, `NO_WORKER_AVAILABLE` when nobody could look at it yet.
   */
  async process(tenantId: string, id: string, request: ProcessRequest): Promise<VideoJob[]> {
    const video = await this.videos.find(tenantId, id);
    if (!video) throw videoNotFound();
    if (!video.checkedAt) await this.inspection.check(video);
    const { workspaceCode } = await this.videos.tenant(tenantId);
    const done = await this.videos.change(tenantId, id, async (tx, now) => {
      if (isRefused(now))
        throw new CamfleetError('VIDEO_REFUSED', now.errorMessage ?? 'This video was refused.', {
          details: { code: now.errorCode },
        });
      const recordedAt = request.recordedAt ?? now.recordedAt?.toISOString() ?? null;
      const cameraCode = request.cameraCode ?? now.cameraCode ?? DEFAULT_CAMERA_CODE;
      const code = request.workspaceCode ?? now.workspaceCode ?? workspaceCode;
      const jobs = await this.jobs.enqueue(
        tx,
        [...new Set(request.analyses)].map((analysisType) => ({
          ...{ tenantId, eventId: id, videoId: id, analysisType },
          params: {
            ...samplingOf(analysisType, request),
            workspace_code: code,
            camera_code: cameraCode,
            recorded_at: recordedAt && new Date(recordedAt).toISOString(),
          } satisfies VideoJobParams,
        })),
      );
      await tx.video.update({
        where: { id },
        data: { recordedAt: recordedAt && new Date(recordedAt), cameraCode, workspaceCode: code },
      });
      const opened = jobs.filter(({ isNew }) => isNew).map(({ analysisType }) => analysisType);
      if (opened.length > 0) await logVideo(tx, id, { event: 'video.queued', data: { analyses: opened } });
      await settleVideo(tx, id);
      return jobs.map((job) => job.id);
    });
    if (!done) throw videoNotFound();
    const rows = await this.videos.jobs([id]);
    return rows.filter((job) => done.includes(job.id)).map(toJob);
  }
}

/** Its content was looked at and is not taken: there is no file any more. */
function isRefused({ status, errorCode }: VideoRow): boolean {
  return status === 'error' && errorCode !== 'JOB_DEAD';
}

function samplingOf(
  analysis: VideoAnalysis,
  { sampling, sampleFps, frameStride }: ProcessRequest,
): Pick<VideoJobParams, 'sampling' | 'sample_fps' | 'frame_stride'> {
  const wanted =
    sampling ?? (frameStride !== undefined ? 'stride' : sampleFps !== undefined ? 'fps' : undefined);
  switch (wanted) {
    case undefined:
      return DEFAULT_SAMPLING[analysis];
    case 'stride':
      return { sampling: 'stride', frame_stride: frameStride ?? DEFAULT_STRIDE };
    case 'keyframes':
      return { sampling: 'keyframes' };
    case 'fps':
    case 'adaptive':
      return { sampling: wanted, sample_fps: sampleFps ?? DEFAULT_FPS };
  }
}
