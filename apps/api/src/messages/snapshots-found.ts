import { CamfleetError } from '@camfleet/domain';
import {
  ImageAnalysesRepository,
  imageAnalysisId,
  JobsRepository,
  OutgoingMessagesRepository,
  type Transaction,
} from '@camfleet/database';
import { SnapshotReadyMessage, type YoloType } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

/** The video that snapshots were found in, as the job that found them knew it. */
export interface SnapshotVideo {
  tenantId: string;
  videoId: string;
  workspaceId: string;
  workspaceCode: string;
  cameraCode: string;
  /** ISO 8601. */
  recordedAt: string | null;
}

export interface FoundSnapshot {
  key: string;
  trackId: number;
  /** As the detector calls it. */
  label: string;
  offsetMs: number;
}

/** Hands snapshots on: to the second stage, and to whoever listens. */
@Injectable()
export class SnapshotsFound {
  constructor(
    private readonly analyses: ImageAnalysesRepository,
    private readonly jobs: JobsRepository,
    private readonly messages: OutgoingMessagesRepository,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * Some snapshots of a video, in the transaction that stores them; those of `gone` are none any more. Each whose label has a type gets an analysis, a job
   * that classifies it, and a `SNAPSHOT_READY`, which is sent after the commit. The same snapshots again change nothing.
   * Throws `RESULT_INVALID` when a message would not be what its schema promises.
   */
  async replace(
    tx: Transaction,
    video: SnapshotVideo,
    { snapshots, gone }: { snapshots: readonly FoundSnapshot[]; gone: readonly string[] },
  ): Promise<void> {
    const { tenantId, videoId } = video;
    const types = new Map(Object.entries(this.options.config.messages.labelMap));
    const known = snapshots.flatMap((snapshot) => {
      const yoloType = types.get(snapshot.label.toLowerCase());
      return yoloType ? [{ ...snapshot, yoloType }] : [];
    });
    const keys = new Set(known.map(({ key }) => key));
    await this.analyses.replace(tx, video, {
      analyses: known.map(({ key, trackId, yoloType }) => ({ snapshotKey: key, trackId, yoloType })),
      others: [...gone, ...snapshots.map(({ key }) => key)].filter((key) => !keys.has(key)),
    });
    await this.messages.add(
      tx,
      known.map((snapshot) => ({
        id: `SNAPSHOT_READY:${snapshot.key}`,
        tenantId,
        videoId,
        body: this.message(video, snapshot),
      })),
    );
    await this.jobs.enqueue(
      tx,
      known.map(({ key, yoloType }) => ({
        tenantId,
        eventId: imageAnalysisId(key),
        videoId,
        // The video is done when its snapshots are there: there may be nobody who classifies.
        advancesVideo: false,
        analysisType: 'classification',
        params: { snapshot_key: key, yolo_type: yoloType },
      })),
    );
  }

  private message(
    { videoId, workspaceId, workspaceCode, cameraCode, recordedAt }: SnapshotVideo,
    { key, trackId, offsetMs, yoloType }: FoundSnapshot & { yoloType: YoloType },
  ): SnapshotReadyMessage {
    const startMs = recordedAt === null ? null : Date.parse(recordedAt);
    const message = SnapshotReadyMessage.safeParse({
      event: 'SNAPSHOT_READY',
      video_id: videoId,
      workspace_id: workspaceId,
      workspace_code: workspaceCode,
      camera_code: cameraCode,
      track_id: trackId,
      snapshot_s3_key: `${this.assets.uriPrefix}${key}`,
      recordedAt: startMs === null ? null : new Date(startMs).toISOString(),
      detectedIn: offsetMs,
      detectedAt: startMs === null ? null : new Date(startMs + offsetMs).toISOString(),
      yolo_type: yoloType,
    } satisfies SnapshotReadyMessage);
    if (message.success) return message.data;
    const [issue] = message.error.issues;
    throw new CamfleetError(
      'RESULT_INVALID',
      `No SNAPSHOT_READY can be made of track ${trackId}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
    );
  }
}
