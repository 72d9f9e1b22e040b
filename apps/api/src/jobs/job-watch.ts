import { EventsRepository, JobLeasesRepository, JobWatchRepository, type StuckJob } from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';

const LOOK_INTERVAL_MS = 2_000;
/** Counting 100,000 waiting jobs takes some 20 ms. */
const LOOKS_A_COUNT = 5;
const NO_PROGRESS_MS = 30 * 60_000;
const NO_WORKER_MS = 5 * 60_000;

/**
 * Buries jobs whose last lease has ended, tells of those that are stuck or starve, counts. Every replica looks: what
 * is told has an id that all make alike, and the first that is stored wins.
 */
@Injectable()
export class JobWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private looks = 0;

  constructor(
    private readonly leases: JobLeasesRepository,
    private readonly watch: JobWatchRepository,
    private readonly events: EventsRepository,
    private readonly metrics: ApiMetrics,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.looking ??= this.look().finally(() => (this.looking = undefined));
    }, LOOK_INTERVAL_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const buried = await this.leases.buryExpired();
      if (buried > 0) this.options.logger.warn({ buried }, 'jobs.buried');
      if (this.looks++ % LOOKS_A_COUNT > 0) return;
      await this.tell(await this.watch.stuck({ noProgressMs: NO_PROGRESS_MS, noWorkerMs: NO_WORKER_MS }));
      this.metrics.jobs.reset();
      for (const { analysisType, state, count } of await this.watch.counts())
        this.metrics.jobs.set({ type: analysisType, state }, count);
    } catch (err) {
      // Tried again at the next look.
      this.options.logger.warn({ err }, 'job-watch.failed');
    }
  }

  private async tell(stuck: readonly StuckJob[]): Promise<void> {
    const events = stuck.map((job) => toEvent(job, this.clock.isoNow()));
    const known = await this.events.known(events.map(({ id }) => id));
    const fresh = events.filter(({ id }) => !known.has(id));
    for (const { data } of fresh) this.options.logger.warn(data, 'job.stuck');
    await this.events.append(fresh);
  }
}

function toEvent(job: StuckJob, occurredAt: string) {
  const { id: jobId, tenantId, eventId, videoId, analysisType, run, attemptCount, lockedBy, reason } = job;
  const attempt = reason === 'NO_PROGRESS' ? `:${attemptCount}` : '';
  return {
    id: `job.stuck:${jobId}:${run}:${reason}${attempt}`,
    tenantId,
    type: 'job.stuck',
    ...(videoId && { videoId }),
    occurredAt,
    data: { jobId, eventId, analysisType, reason, attemptCount, lockedBy, since: job.sinceAt.toISOString() },
  };
}
