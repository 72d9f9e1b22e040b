import type { ClaimedJob } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { pause } from '../fleet/pause';
import type { JobApi } from './job-api';
import type { FromJobChild } from './ipc';

/** How long a job waits for another worker when this one dies. */
export const LEASE_SECONDS = 15;
const RENEW_AFTER_MS = 5_000;

type Report = Extract<FromJobChild, { type: 'progress' }>;

export interface JobLeaseOptions {
  api: JobApi;
  job: ClaimedJob;
  logger: Logger;
  /** The API has the checkpoint of this place. */
  onSaved: (timestampMs: number) => void;
  /** Somebody else may have the job now. */
  onLost: () => void;
}

/** Keeps a job's lease by heartbeats, one at a time, each with the newest that is known of the job. */
export class JobLease {
  private readonly ending = new AbortController();
  private waiting: Report | undefined;
  private wake: () => void = () => undefined;
  private readonly running: Promise<void>;

  constructor(private readonly options: JobLeaseOptions) {
    this.running = this.run();
  }

  /** Goes out with the next heartbeat, in place of an older one that has not gone yet. */
  report(report: Report): void {
    const { waiting } = this;
    const isNewPlace = report.checkpoint !== undefined || waiting === undefined;
    this.waiting = isNewPlace ? report : { ...waiting, progress: report.progress };
    this.wake();
  }

  /** Sends nothing more; what was on its way has arrived or failed. */
  async end(): Promise<void> {
    this.ending.abort();
    this.wake();
    await this.running;
  }

  /** Once more, so that whoever goes on knows the newest place. */
  async sayLast(): Promise<void> {
    await this.end();
    if (this.waiting) await this.beat(this.waiting).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    const backOff = new BackOff({ firstMs: 200, capMs: 2_000 });
    let hasFailed = false;
    while (!signal.aborted) {
      if (!this.waiting && !hasFailed) await this.due();
      if (signal.aborted) return;
      const report = this.waiting;
      this.waiting = undefined;
      try {
        if (!(await this.beat(report))) return this.options.onLost();
        backOff.reset();
        hasFailed = false;
      } catch (error) {
        this.options.logger.warn({ cause: String(error) }, 'job.heartbeat-failed');
        this.waiting ??= report;
        hasFailed = true;
        await pause(backOff.nextMs(), signal);
      }
    }
  }

  private async due(): Promise<void> {
    const timer = new AbortController();
    await Promise.race([
      new Promise<void>((resolve) => (this.wake = resolve)),
      pause(RENEW_AFTER_MS, timer.signal),
    ]);
    timer.abort();
  }

  private async beat(report: Report | undefined): Promise<boolean> {
    const { api, job, onSaved } = this.options;
    const { progress, checkpoint, timestampMs } = report ?? {};
    const taken = await api.heartbeat(job, { lease_seconds: LEASE_SECONDS, progress, checkpoint });
    if (taken === 'refused') this.options.logger.error({}, 'job.checkpoint-refused');
    if (taken !== 'taken') return false;
    if (checkpoint !== undefined && timestampMs !== undefined) onSaved(timestampMs);
    return true;
  }
}
