import {
  EventsRepository,
  UploadWritersRepository,
  VideoIntakeRepository,
  type VideoRow,
} from '@camfleet/database';
import { CamfleetError } from '@camfleet/domain';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { AssetSweeper } from '../assets/asset-sweeper';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { FleetClock } from '../core/fleet-clock';
import { IntakeService } from './intake.service';
import { TusService } from './tus/tus.service';

const INTERVAL_MS = 5_000;
const BATCH = 20;
const LOOKED_AT_ONCE = 4;

/**
 * What no request waits for: uploads that nobody could look at are looked at, those that never came are forgotten, and
 * ends of videos become events. Every replica does it; each step is harmless when it is done twice.
 */
@Injectable()
export class VideoHousekeeping implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private working?: Promise<void>;
  private isStopped = false;
  private endSubscription?: () => void;

  constructor(
    private readonly intake: VideoIntakeRepository,
    private readonly writers: UploadWritersRepository,
    private readonly uploads: IntakeService,
    private readonly tus: TusService,
    private readonly events: EventsRepository,
    private readonly sweeper: AssetSweeper,
    private readonly changes: ChangeFeed,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.work(), INTERVAL_MS);
    this.endSubscription = this.changes.on('change', ({ kind }) => {
      if (kind === 'video') this.work();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    this.endSubscription?.();
    await this.working;
  }

  private work(): void {
    this.working ??= this.round()
      .catch(
        (err: unknown) => this.isStopped || this.options.logger.warn({ err }, 'videos.housekeeping_failed'),
      )
      .then(() => undefined)
      .finally(() => (this.working = undefined));
  }

  private async round(): Promise<void> {
    for (const video of await this.intake.untold(BATCH)) await this.tell(video);
    if ((await this.intake.expire(BATCH)) > 0) this.sweeper.wake();
    for (const video of await this.writers.left(BATCH)) await this.finish(video);
    await this.settle();
  }

  /**
   * Whoever sent the last bytes left before the answer, or this program was killed then: it is a video all the same. One
   * that cannot be looked at holds up nobody else's.
   */
  private async finish(video: VideoRow): Promise<void> {
    try {
      await this.tus.finishIfWhole(video, AbortSignal.abort());
    } catch (err) {
      if (err instanceof CamfleetError && err.code === 'UPLOAD_BUSY') return;
      this.options.logger.warn({ err, videoId: video.id }, 'upload.not_seen');
      await this.writers.putOff(video.rawKey);
    }
  }

  /** Several at a time: a worker that is slow keeps the others' videos waiting only a little. */
  private async settle(): Promise<void> {
    const left = await this.intake.unsettled(BATCH);
    const unserved = new Set<string>();
    const work = async () => {
      for (let video = left.shift(); video && !this.isStopped; video = left.shift())
        if (!unserved.has(video.tenantId) && !(await this.look(video))) unserved.add(video.tenantId);
    };
    await Promise.all(Array.from({ length: LOOKED_AT_ONCE }, work));
  }

  /** False: its tenant has no worker. */
  private async look(video: VideoRow): Promise<boolean> {
    try {
      return (await this.uploads.look(video)).isServed;
    } catch (error) {
      if (!(error instanceof CamfleetError)) throw error;
      this.options.logger.info({ videoId: video.id, code: error.code }, 'video.refused');
      return true;
    }
  }

  private async tell(video: VideoRow): Promise<void> {
    const { id, tenantId, status, run, errorCode, errorMessage } = video;
    if (status === 'done' || status === 'error')
      await this.events.append([
        {
          id: `video:${id}:${run}:${status}`,
          type: `video.${status}`,
          tenantId,
          videoId: id,
          occurredAt: this.clock.isoNow(),
          data: status === 'error' ? { code: errorCode, message: errorMessage } : {},
        },
      ]);
    await this.intake.told(video);
  }
}
