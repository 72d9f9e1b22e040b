import {
  incomingKeyOf,
  UploadWritersRepository,
  VideoIntakeRepository,
  type VideoRow,
  VideosRepository,
} from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { MAX_VIDEO_BYTES, type VideoAnalysis } from '@camfleet/protocol';
import { type AssetInfo, AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { AssetSweeper } from '../assets/asset-sweeper';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { Traces } from '../core/traces';
import { keyName, safeContentType } from './file-name';
import { InspectionService, isUnserved } from './inspection.service';
import { ProcessingService } from './processing.service';
import { UploadLocker } from './tus/upload-lock';
import { videoNotFound } from './video-not-found';

/** An upload that is not there by then, whole, is forgotten. */
export const UPLOAD_TTL_MS = 24 * 3_600_000;

export interface Announcement {
  fileName: string;
  contentType?: string | null | undefined;
  /** 0: nobody knows yet. */
  sizeBytes: number;
  recordedAt?: string | undefined;
  /** Queued as soon as a worker has looked at it. */
  analyses?: VideoAnalysis[] | undefined;
  /** The event whose clip it is. */
  eventId?: string;
  expiresInMs?: number;
  /** By a signed URL, which leads to {@link incomingKeyOf} its key. */
  comesByUrl?: boolean;
}

export interface AnnouncedVideo {
  id: string;
  rawKey: string;
  contentType: string;
}

/** The way in, whichever it is: announced (the quota is asked), received, looked at. */
@Injectable()
export class IntakeService {
  private readonly locker: UploadLocker;

  constructor(
    private readonly videos: VideosRepository,
    private readonly intake: VideoIntakeRepository,
    writers: UploadWritersRepository,
    private readonly inspection: InspectionService,
    private readonly processing: ProcessingService,
    private readonly assets: AssetStore,
    private readonly sweeper: AssetSweeper,
    private readonly traces: Traces,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {
    this.locker = new UploadLocker(writers, (err) => options.logger.warn({ err }, 'upload.lock_not_renewed'));
  }

  /** Throws `BODY_TOO_LARGE`, `QUOTA_EXCEEDED`, `TOO_MANY_REQUESTS`. */
  async announce(tenantId: string, upload: Announcement): Promise<AnnouncedVideo> {
    const {
      fileName,
      sizeBytes,
      recordedAt,
      analyses,
      eventId,
      comesByUrl,
      expiresInMs = UPLOAD_TTL_MS,
    } = upload;
    if (sizeBytes > MAX_VIDEO_BYTES)
      throw new CamfleetError(
        'BODY_TOO_LARGE',
        `A video may have ${MAX_VIDEO_BYTES / 1024 ** 3} GiB at most.`,
      );
    const { workspaceId } = await this.videos.tenant(tenantId);
    const id = randomUUID();
    const rawKey = `${this.options.config.assetPrefix}/${workspaceId}/${id}/raw/${keyName(fileName)}`;
    const contentType = safeContentType(upload.contentType);
    const about = {
      id,
      tenantId,
      workspaceId,
      fileName,
      contentType,
      rawKey,
      sizeBytes,
      recordedAt,
      eventId,
      wantedAnalyses: analyses,
    };
    await this.intake.announce({ ...about, expiresInMs, comesByUrl });
    return { id, rawKey, contentType };
  }

  /** Of a video that nobody knew the size of, as its bytes come. Throws `QUOTA_EXCEEDED`. */
  reserve(tenantId: string, id: string, size: { atLeast: number; atMost: number }): Promise<number> {
    return this.intake.reserve({ tenantId, id }, size);
  }

  /** The clip of an event, received or not. */
  findClip(tenantId: string, eventId: string): Promise<VideoRow | null> {
    return this.intake.findClip(tenantId, eventId);
  }

  /** Received or not. Throws `VIDEO_NOT_FOUND`. */
  async find(tenantId: string, id: string): Promise<VideoRow> {
    const video = await this.intake.find(tenantId, id);
    if (!video) throw videoNotFound();
    return video;
  }

  /**
   * All bytes are there: from now on it is a video. A worker looks at it; where none is there that happens later. Throws
   * `UPLOAD_INCOMPLETE`, and the reason when it is refused: its row stays, and says so.
   */
  async finish(video: VideoRow, { spareKeys = [] }: { spareKeys?: string[] } = {}): Promise<void> {
    await this.receive(video, { spareKeys });
    await this.look(video);
  }

  /** All bytes are there, and nobody has looked at them. Throws `UPLOAD_INCOMPLETE`. */
  async receive(video: VideoRow, { spareKeys = [] }: { spareKeys?: string[] } = {}): Promise<void> {
    if (video.status === 'receiving') {
      const stored = (await this.assets.stat(video.rawKey)) ?? (await this.takeIn(video));
      const expected = Number(video.sizeBytes);
      if (!stored || stored.sizeBytes === 0 || (expected > 0 && stored.sizeBytes !== expected))
        throw new CamfleetError('UPLOAD_INCOMPLETE', 'The file is not there, or not whole.', {
          details: { receivedBytes: stored?.sizeBytes ?? 0, sizeBytes: expected },
        });
      const { sizeBytes } = stored;
      const traceparent = this.traces.record({
        name: 'video.upload',
        startMs: video.createdAt.getTime(),
        attributes: { videoId: video.id, sizeBytes },
      });
      await this.intake.received(video.id, { sizeBytes, spareKeys, traceparent });
      this.sweeper.wake();
    }
  }

  /**
   * What came by a signed URL goes to the video's own key, where that URL leads no longer: nobody is served anything but
   * what was looked at. One request of all replicas does so at a time.
   */
  private async takeIn({ tenantId, id, rawKey, sizeBytes }: VideoRow): Promise<AssetInfo | null> {
    const incomingKey = incomingKeyOf(rawKey);
    const arrived = await this.assets.stat(incomingKey);
    if (!arrived || arrived.sizeBytes !== Number(sizeBytes)) return arrived;
    const lock = this.locker.newLock(rawKey);
    await lock.lock(new AbortController().signal, () => undefined);
    try {
      const now = await this.intake.find(tenantId, id);
      if (now?.status === 'receiving') await this.assets.settle(incomingKey, rawKey);
      return await this.assets.stat(rawKey);
    } finally {
      await lock.unlock();
    }
  }

  /**
   * As {@link InspectionService.check}, and what the upload asked for is queued. That no worker is there is no error: it
   * is looked at later. `isServed`: whether its tenant has workers.
   */
  async look(video: VideoRow): Promise<{ isServed: boolean }> {
    try {
      await this.inspection.check(video);
      await this.processing.processWanted(video);
      return { isServed: true };
    } catch (error) {
      this.sweeper.wake();
      if (!(error instanceof CamfleetError)) throw error;
      if (error.code === 'NO_WORKER_AVAILABLE') return { isServed: !isUnserved(error) };
      throw new CamfleetError(error.code, error.message, { cause: error, details: { videoId: video.id } });
    }
  }

  /** What was announced does not come. */
  async forget(tenantId: string, id: string): Promise<void> {
    const doomed = await this.videos.delete(tenantId, id);
    if (doomed) await this.sweeper.remove(doomed);
  }
}
