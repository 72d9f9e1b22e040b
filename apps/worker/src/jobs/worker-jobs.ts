import type { ClaimedJob } from '@camfleet/protocol';
import type { Logger, Tracer } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { pause } from '../fleet/pause';
import type { JobChildSettings } from './ipc';
import type { JobApi } from './job-api';
import { LEASE_SECONDS } from './job-lease';
import { DEFAULT_JOB_LIMITS, type JobProcessLimits } from './job-process';
import { JobSlot } from './job-slot';

/** A claim waits for so long at the API. */
const CLAIM_WAIT_SECONDS = 20;
/** Until it is looked again whether there is room. */
const LOOK_AGAIN_MS = 500;
/** On stopping, jobs have so long to be given back. */
const RELEASE_WITHIN_MS = 3_000;

export interface WorkerJobsOptions {
  api: JobApi;
  analysisTypes: readonly string[];
  /** The compiled `job-child.js`. */
  entry: string;
  settings: JobChildSettings;
  limits?: Partial<JobProcessLimits> | undefined;
  logger: Logger;
  tracer: Tracer;
  /** How many jobs there may be just now: live video goes first, and a worker that drains takes none. */
  room: () => number;
  /** Resolves when the models of this analysis are there. */
  prepare: (analysisType: string, signal: AbortSignal) => Promise<void>;
}

/** Claims jobs, one after another, as far as there is room. */
export class WorkerJobs {
  private readonly stopping = new AbortController();
  private readonly free: JobSlot[] = [];
  private readonly busy = new Map<JobSlot, Promise<void>>();
  private readonly claiming: Promise<void>;

  constructor(private readonly options: WorkerJobsOptions) {
    this.claiming = this.run();
  }

  /** Process ids of the children that there are. */
  get pids(): number[] {
    return [...this.free, ...this.busy.keys()].flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Claims nothing more and gives back what runs, with its newest checkpoint. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const slot of this.busy.keys()) slot.release();
    const timer = new AbortController();
    await Promise.race([
      Promise.all([this.claiming, ...this.busy.values()]),
      pause(RELEASE_WITHIN_MS, timer.signal),
    ]);
    timer.abort();
    for (const slot of [...this.free, ...this.busy.keys()]) slot.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const backOff = new BackOff({ firstMs: 500, capMs: 10_000 });
    while (!signal.aborted) {
      const room = this.options.room() - this.busy.size;
      if (room <= 0) {
        await pause(LOOK_AGAIN_MS, signal);
        continue;
      }
      try {
        for (const job of await this.claim(room)) this.start(job);
        backOff.reset();
      } catch (error) {
        if (signal.aborted) return;
        this.options.logger.warn({ cause: String(error) }, 'jobs.not-claimed');
        await pause(LOOK_AGAIN_MS + backOff.nextMs(), signal);
      }
    }
  }

  private claim(room: number): Promise<ClaimedJob[]> {
    const { api, analysisTypes } = this.options;
    const wanted = {
      max_jobs: room,
      lease_seconds: LEASE_SECONDS,
      analysis_types: [...analysisTypes],
    };
    return api.claim(wanted, { waitSeconds: CLAIM_WAIT_SECONDS, signal: this.stopping.signal });
  }

  private start(job: ClaimedJob): void {
    const slot = this.free.pop() ?? this.newSlot();
    const running = slot.run(job).finally(() => {
      this.busy.delete(slot);
      this.free.push(slot);
    });
    this.busy.set(slot, running);
    if (this.stopping.signal.aborted) slot.release();
  }

  private newSlot(): JobSlot {
    const { api, entry, settings, logger, tracer, prepare, limits } = this.options;
    return new JobSlot({
      api,
      entry,
      settings,
      logger,
      tracer,
      prepare,
      limits: { ...DEFAULT_JOB_LIMITS, ...limits },
    });
  }
}
