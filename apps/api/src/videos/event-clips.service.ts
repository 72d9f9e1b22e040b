import {
  CamerasRepository,
  EventsRepository,
  incomingKeyOf,
  JobsRepository,
  VideosRepository,
} from '@camfleet/database';
import type { VideoRow } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { Analysis, type ClipUpload } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { InspectionService, isRefused } from './inspection.service';
import { IntakeService } from './intake.service';
import { DEFAULT_CAMERA_CODE, jobParams } from './job-params';

const CONTENT_TYPE = 'video/mp4';
const URL_SECONDS = 600;

/** An event whose camera asks for jobs on its clips. */
interface ClippedEvent {
  id: string;
  tenantId: string;
  cameraName: string;
  cameraCode: string | null;
  jobs: readonly string[];
}

/** Clips of events: videos that workers bring, with the jobs that the event's camera asks for. */
@Injectable()
export class EventClipsService {
  constructor(
    private readonly events: EventsRepository,
    private readonly cameras: CamerasRepository,
    private readonly intake: IntakeService,
    private readonly inspection: InspectionService,
    private readonly videos: VideosRepository,
    private readonly jobs: JobsRepository,
    private readonly assets: AssetStore,
  ) {}

  /** Again: the same place, until it is complete. `tenantId` `null`: of any. Throws `EVENT_NOT_FOUND`. */
  async begin(
    tenantId: string | null,
    { eventId, origin, ...clip }: { eventId: string; sizeBytes: number; startedAt: string; origin: string },
  ): Promise<ClipUpload> {
    const event = await this.find(tenantId, eventId);
    const known = event && (await this.intake.findClip(event.tenantId, eventId));
    if (!event) return { uploadUrl: null };
    if (known && known.status !== 'receiving') {
      await this.settle(event, known);
      return { uploadUrl: null };
    }
    const { sizeBytes } = clip;
    const isSame = known && Number(known.sizeBytes) === sizeBytes;
    if (known && !isSame) await this.intake.forget(event.tenantId, known.id);
    const { rawKey } = isSame ? known : await this.announce(event, clip);
    const place = { expiresInSeconds: URL_SECONDS, contentType: CONTENT_TYPE, sizeBytes, origin };
    return { uploadUrl: await this.assets.presignPut(incomingKeyOf(rawKey), place) };
  }

  /** Again: nothing changes. Throws `EVENT_NOT_FOUND`, `UPLOAD_INCOMPLETE`, `NO_WORKER_AVAILABLE`. */
  async complete(tenantId: string | null, eventId: string): Promise<void> {
    const event = await this.find(tenantId, eventId);
    const clip = event && (await this.intake.findClip(event.tenantId, eventId));
    if (!event || !clip) return;
    await this.intake.receive(clip);
    await this.settle(event, clip);
  }

  /** Nothing is queued that nobody has looked at. Throws `NO_WORKER_AVAILABLE`: the worker comes again. */
  private async settle(event: ClippedEvent, clip: VideoRow): Promise<void> {
    await this.inspection.check(clip);
    if (!isRefused(clip)) await this.enqueue(event, clip);
  }

  private announce(
    { id, tenantId, cameraName }: ClippedEvent,
    { sizeBytes, startedAt }: { sizeBytes: number; startedAt: string },
  ): Promise<{ rawKey: string }> {
    const fileName = `Clip of ${cameraName}.mp4`;
    const about = { fileName, contentType: CONTENT_TYPE, recordedAt: startedAt };
    return this.intake.announce(tenantId, { ...about, sizeBytes, eventId: id, comesByUrl: true });
  }

  private async enqueue(event: ClippedEvent, clip: VideoRow): Promise<void> {
    const { workspaceCode } = await this.videos.tenant(event.tenantId);
    const about = {
      workspaceCode,
      cameraCode: event.cameraCode ?? DEFAULT_CAMERA_CODE,
      recordedAt: clip.recordedAt?.toISOString() ?? null,
    };
    await this.videos.change(event.tenantId, clip.id, (tx) =>
      this.jobs.enqueue(
        tx,
        event.jobs.map((analysisType) => ({
          tenantId: event.tenantId,
          eventId: event.id,
          videoId: clip.id,
          analysisType,
          params: jobParams(analysisType, {}, about),
        })),
      ),
    );
  }

  /** Null: nobody wants its clip (any more). */
  private async find(tenantId: string | null, eventId: string): Promise<ClippedEvent | null> {
    const event = await this.events.find(tenantId, eventId);
    if (!event) throw new CamfleetError('EVENT_NOT_FOUND', 'There is no such event.');
    const camera = event.cameraId && (await this.cameras.find(event.tenantId, event.cameraId));
    if (!camera) return null;
    const { jobs } = Analysis.parse(camera.analysis);
    if (jobs.length === 0) return null;
    const { name: cameraName, code: cameraCode } = camera;
    return { id: eventId, tenantId: event.tenantId, cameraName, cameraCode, jobs };
  }
}
