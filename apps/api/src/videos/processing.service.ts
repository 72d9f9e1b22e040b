import { JobsRepository, logVideo, settleVideo, type VideoRow, VideosRepository } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { type ProcessRequest, VIDEO_ANALYSES, type VideoJob } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { InspectionService, isRefused } from './inspection.service';
import { DEFAULT_CAMERA_CODE, jobParams } from './job-params';
import { videoNotFound } from './video-not-found';
import { toJob } from './video-view';

/** Makes jobs of a video. */
@Injectable()
export class ProcessingService {
  constructor(
    private readonly videos: VideosRepository,
    private readonly jobs: JobsRepository,
    private readonly inspection: InspectionService,
  ) {}

  /** What was asked for with the upload. Throws as {@link process}; what was deleted meanwhile wants nothing. */
  async processWanted({ tenantId, id }: Pick<VideoRow, 'tenantId' | 'id'>): Promise<void> {
    const video = await this.videos.find(tenantId, id);
    const analyses = VIDEO_ANALYSES.filter((known) => video?.wantedAnalyses.includes(known));
    if (video && analyses.length > 0) await this.process(tenantId, id, { analyses });
  }

  /**
   * The same request again changes nothing; with other parameters its jobs run again. Throws `VIDEO_NOT_FOUND`,
   * `VIDEO_REFUSED`, `NO_WORKER_AVAILABLE` when nobody could look at it yet.
   */
  async process(tenantId: string, id: string, request: ProcessRequest): Promise<VideoJob[]> {
    const video = await this.videos.find(tenantId, id);
    if (!video) throw videoNotFound();
    if (!video.checkedAt) await this.inspection.check(video);
    const analysisTypes: string[] = [...new Set(request.analyses)];
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
        analysisTypes.map((analysisType) => ({
          ...{ tenantId, eventId: video.eventId ?? id, videoId: id, analysisType },
          params: jobParams(analysisType, request, { workspaceCode: code, cameraCode, recordedAt }),
        })),
      );
      await tx.video.update({
        where: { id },
        data: {
          ...{ recordedAt: recordedAt && new Date(recordedAt), cameraCode, workspaceCode: code },
          wantedAnalyses: now.wantedAnalyses.filter((wanted) => !analysisTypes.includes(wanted)),
        },
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
