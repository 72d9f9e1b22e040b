import {
  appendLateEvents,
  Database,
  EventsRepository,
  JobLeasesRepository,
  JobWatchRepository,
  type StuckJob,
} from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { jobTypeLabel } from './job-type-label';

const LOOK_INTERVAL_MS = 2_000;
/** Counting 100,000 waiting jobs takes some 20 ms. */
const LOOKS_A_COUNT = 5;
/** Rows of one statement; and a look tells of 2,000 at most, the next one of the rest. */
const TOLD_AT_ONCE = 100;
const TURNS_A_LOOK = 20;
/** Of some dozens of events each, a few ms. */
const LATE_BATCHES_A_LOOK = 100;
const NO_PROGRESS_MS = 30 * 60_000;
const NO_WORKER_MS = 5 * 60_000;

/**
 * Buries jobs whose last lease has ended, numbers the events of long results, tells of jobs that are stuck or starve, counts. Every replica looks: what
 * is told has an id that all make alike, and the first that is stored wins.
 */
@Injectable()
export class JobWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private looking?: Promise<void>;
  private looks = 0;
  private isStopping = false;

  constructor(
    private readonly leases: JobLeasesRepository,
    private readonly watch: JobWatchRepository,
    private readonly events: EventsRepository,
    private readonly database: Database,
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
    this.isStopping = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    try {
      const buried = await this.leases.buryExpired();
      if (buried > 0) this.options.logger.warn({ buried }, 'jobs.buried');
      for (let batch = 0; batch < LATE_BATCHES_A_LOOK && !this.isStopping; batch += 1)
        if (!(await appendLateEvents(this.database))) break;
      if (this.looks++ % LOOKS_A_COUNT > 0) return;
      await this.tellStuck();
      this.metrics.jobs.reset();
      for (const { analysisType, state, count } of await this.watch.counts())
        this.metrics.jobs.inc({ type: jobTypeLabel(analysisType), state }, count);
    } catch (err) {
      // Tried again at the next look.
      this.options.logger.warn({ err }, 'job-watch.failed');
    }
  }

  private async tellStuck(): Promise<void> {
    const limits = { noProgressMs: NO_PROGRESS_MS, noWorkerMs: NO_WORKER_MS, limit: TOLD_AT_ONCE };
    for (let turn = 0; turn < TURNS_A_LOOK; turn += 1) {
      const stuck = await this.watch.stuck(limits);
      const told = await this.events.append(stuck.map((job) => toEvent(job, this.clock.isoNow())));
      // What another replica has told at the same time is in its log.
      for (const job of stuck) if (told.has(job.alertId)) this.options.logger.warn(dataOf(job), 'job.stuck');
      if (stuck.length < TOLD_AT_ONCE) return;
    }
  }
}

function toEvent(job: StuckJob, occurredAt: string) {
  const { alertId: id, tenantId, videoId } = job;
  return { id, tenantId, type: 'job.stuck', ...(videoId && { videoId }), occurredAt, data: dataOf(job) };
}

function dataOf({ id: jobId, sinceAt, ...job }: StuckJob) {
  const { eventId, analysisType, reason, attemptCount, lockedBy } = job;
  return { jobId, eventId, analysisType, reason, attemptCount, lockedBy, since: sinceAt.toISOString() };
}
