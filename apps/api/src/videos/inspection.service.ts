import { type VideoFacts, VideoIntakeRepository, type VideoRow } from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { InspectResult } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { WorkerClient } from '../workers/worker-client';

/** What is taken at all: beyond, decoding alone would cost more than anybody means to spend. */
export const VIDEO_LIMITS = { sidePx: 16_384, pixels: 8_192 * 4_352, fps: 240, durationMs: 12 * 3_600_000 };

const REFUSALS = ['UNSUPPORTED_MEDIA_TYPE', 'VIDEO_TOO_LARGE', 'VIDEO_UNREADABLE'] as const;

const URL_SECONDS = 120;

/** Asks a worker what an upload is, by its content: nothing is queued before. */
@Injectable()
export class InspectionService {
  /** The request that brought a video and housekeeping, which sees it come, wait for one look. */
  private readonly looking = new Map<string, Promise<void>>();

  constructor(
    private readonly intake: VideoIntakeRepository,
    private readonly worker: WorkerClient,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /**
   * Looks at a video that was received, and writes what it is, or why it is refused. Throws the reason of a refusal
   * (`UNSUPPORTED_MEDIA_TYPE`, `VIDEO_TOO_LARGE`); `NO_WORKER_AVAILABLE` when no worker could look: then nothing has
   * changed but what is said of it.
   */
  check(video: VideoRow): Promise<void> {
    if (video.checkedAt) return Promise.resolve();
    let looking = this.looking.get(video.id);
    if (!looking) {
      looking = this.look(video).finally(() => this.looking.delete(video.id));
      this.looking.set(video.id, looking);
    }
    return looking;
  }

  private async look(video: VideoRow): Promise<void> {
    const found = await this.inspect(video);
    const refusal = found instanceof CamfleetError ? found : refusalOf(found);
    if (refusal) {
      await this.intake.refused(video.id, refusal);
      throw refusal;
    }
    if (!(found instanceof CamfleetError)) await this.intake.checked(video.id, found);
  }

  /** What it is, or why it is no video. Throws `NO_WORKER_AVAILABLE` for all that is not the file's fault. */
  private async inspect(video: VideoRow): Promise<VideoFacts | CamfleetError> {
    const origin = this.options.config.publicUrl;
    const url = await this.assets.presignGet(video.rawKey, { expiresInSeconds: URL_SECONDS, origin });
    try {
      const { durationMs, firstPictureMs, fps, codec, width, height } = await this.worker.askAny(
        video.tenantId,
        {
          path: '/inspect',
          body: { url },
          answer: InspectResult,
        },
      );
      return { durationMs, firstPictureMs, fps, codec, width, height };
    } catch (cause) {
      if (!(cause instanceof CamfleetError)) throw cause;
      if (cause.code === 'SOURCE_UNSUPPORTED')
        return new CamfleetError('UNSUPPORTED_MEDIA_TYPE', cause.message, { cause });
      if (cause.code === 'SOURCE_TIMEOUT')
        return new CamfleetError('VIDEO_UNREADABLE', 'The file takes too long to read.', { cause });
      const refusal = await this.refusedMeanwhile(video);
      if (refusal) return refusal;
      throw await this.waits(video, cause);
    }
  }

  /** It is kept, looked at later, and says meanwhile what it waits for. */
  private async waits({ id, tenantId }: VideoRow, cause: CamfleetError): Promise<CamfleetError> {
    const code = 'NO_WORKER_AVAILABLE';
    const isServed = cause.code !== code;
    const message = isServed
      ? `A worker could not read the file (${cause.code}); it is tried again and again. ${cause.message}`
      : 'No worker of this tenant is online to look at the file. As soon as one is, it does.';
    this.options.logger.warn({ err: cause, videoId: id }, 'video.not_inspected');
    await this.intake.waits(isServed ? { id } : { tenantId }, { code, message });
    return new CamfleetError(code, message, { cause });
  }

  /** Another replica looked too, and was quicker: the file is gone by now. */
  private async refusedMeanwhile({ tenantId, id }: VideoRow): Promise<CamfleetError | undefined> {
    const now = await this.intake.find(tenantId, id);
    const code = REFUSALS.find((refusal) => refusal === now?.errorCode);
    return code && new CamfleetError(code, now?.errorMessage ?? 'This video was refused.');
  }
}

/** No worker of its tenant answers: so it is for the tenant's other videos. */
export function isUnserved({ code, cause }: CamfleetError): boolean {
  return code === 'NO_WORKER_AVAILABLE' && cause instanceof CamfleetError && cause.code === code;
}

/** Its content was looked at and is not taken: there is no file any more. */
export function isRefused({ status, errorCode }: Pick<VideoRow, 'status' | 'errorCode'>): boolean {
  return status === 'error' && errorCode !== 'JOB_DEAD';
}

function refusalOf({ width, height, fps, durationMs }: VideoFacts): CamfleetError | undefined {
  const { sidePx, pixels, ...limits } = VIDEO_LIMITS;
  const refuse = (message: string) => new CamfleetError('VIDEO_TOO_LARGE', message);
  if (width < 1 || height < 1)
    return new CamfleetError('UNSUPPORTED_MEDIA_TYPE', 'The file has no picture that can be decoded.');
  if (Math.max(width, height) > sidePx || width * height > pixels)
    return refuse(`Pictures of ${width} x ${height} are larger than any that are taken.`);
  if (fps !== null && fps > limits.fps) return refuse(`At most ${limits.fps} frames a second are taken.`);
  if (durationMs !== null && durationMs > limits.durationMs)
    return refuse(`Videos of at most ${limits.durationMs / 3_600_000} hours are taken.`);
  return undefined;
}
