import { CamfleetError } from '@camfleet/domain';
import { JobsRepository, type TenantRow, VideosRepository } from '@camfleet/database';
import {
  Text,
  type IncomingMessage,
  type ProcessAnswer,
  type ProcessRequest,
  type ProcessVideoMessage,
} from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ProcessingService } from '../videos/processing.service';
import { VideoAdoption } from './video-adoption';

export interface TakenMessage {
  videoId: string;
  jobs: ProcessAnswer['jobs'];
}

/** The stride of an older system, which its database did not keep. */
const DEFAULT_STRIDE = 3;
/** Whose are messages that came by queue and name a workspace that nobody has. */
const DEFAULT_TENANT = 'default';

/** What a message asks for, done: when it resolves, the job's row is committed. */
@Injectable()
export class MessageIntake {
  constructor(
    private readonly videos: VideosRepository,
    private readonly jobs: JobsRepository,
    private readonly adoption: VideoAdoption,
    private readonly processing: ProcessingService,
  ) {}

  /**
   * A workspace that no tenant has is one of the system that messages came from before: its videos become the sender's,
   * under that workspace's keys.
   * @param tenantId whose message it is; `null`: it came by queue, and its workspace says so
   * @throws CamfleetError `VIDEO_NOT_FOUND` for an unknown video or another tenant's, `VALIDATION_FAILED` when the
   * message contradicts the video, and what processing throws
   */
  async take(tenantId: string | null, message: IncomingMessage): Promise<TakenMessage> {
    const { video_id: videoId } = message;
    const owner = await this.videos.workspace(message.workspace_id);
    if (owner && tenantId !== null && owner.id !== tenantId)
      throw new CamfleetError('VIDEO_NOT_FOUND', 'There is no such workspace.');
    const tenant = owner ?? (await this.videos.tenant(tenantId ?? DEFAULT_TENANT));
    const known = await this.videos.find(tenant.id, videoId);
    if (known && known.workspaceId !== message.workspace_id)
      throw new CamfleetError('VIDEO_NOT_FOUND', 'There is no such video in this workspace.');
    if (message.event === 'PROCESS_VIDEO') await this.makeSure(tenant, message);
    const jobs = await this.processing.process(tenant.id, videoId, await this.requestOf(message));
    return { videoId, jobs };
  }

  /** Which workspace a message names, however wrong it is. */
  workspaceOf(body: string): string | undefined {
    return Named.safeParse(jsonOf(body)).data?.workspace_id;
  }

  /** The tenant whose messages by queue are that name this workspace. */
  async ownerOf(workspaceId: string): Promise<string> {
    return (await this.videos.workspace(workspaceId))?.id ?? DEFAULT_TENANT;
  }

  private async makeSure(tenant: TenantRow, message: ProcessVideoMessage): Promise<void> {
    const known = await this.videos.find(tenant.id, message.video_id);
    if (!known) return this.adoption.adopt(tenant, message);
    if (known.rawKey !== message.s3_key_raw)
      throw new CamfleetError('VALIDATION_FAILED', 's3_key_raw: the video has another key.');
  }

  private async requestOf(message: IncomingMessage): Promise<ProcessRequest> {
    const asked = { analyses: ['objects' as const], sampling: 'stride' as const };
    if (message.event === 'PROCESS_VIDEO')
      return {
        ...asked,
        frameStride: message.frame_stride,
        workspaceCode: message.workspace_code,
        cameraCode: message.camera_code,
        ...(message.recordedAt && { recordedAt: message.recordedAt }),
      };
    // As the video was done last: then nothing is done again. Codes and time are in its row.
    const last = LastStride.safeParse(await this.jobs.paramsOf(message.video_id, 'objects'));
    return { ...asked, frameStride: last.data?.frame_stride ?? DEFAULT_STRIDE };
  }
}

const LastStride = z.object({ frame_stride: z.int().min(1) });
const Named = z.object({ workspace_id: Text });

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
