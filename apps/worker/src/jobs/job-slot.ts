import type { ClaimedJob } from '@camfleet/protocol';
import type { Logger, Span, Tracer } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { pause } from '../fleet/pause';
import type { FromJobChild, JobChildSettings, JobOutcome } from './ipc';
import type { JobApi, Taken } from './job-api';
import { JobLease } from './job-lease';
import { JobProcess, type JobProcessLimits } from './job-process';

/** A child that has nothing to do for so long gives its memory back. */
const IDLE_MS = 30_000;
const FILES_PER_REQUEST = 500;

export interface JobSlotOptions {
  api: JobApi;
  entry: string;
  settings: JobChildSettings;
  limits: JobProcessLimits;
  logger: Logger;
  tracer: Tracer;
  /** Resolves when the models of this analysis are there. */
  prepare: (analysisType: string, signal: AbortSignal) => Promise<void>;
}

interface CurrentJob {
  job: ClaimedJob;
  lease: JobLease;
  logger: Logger;
  /** The one that does it: nobody else is answered, for the next child's requests have the same numbers. */
  child?: JobProcess;
  /** Aborts when somebody else may have the job, the worker stops, or the job is over. */
  taken: AbortController;
  finish: (outcome: JobOutcome) => void;
}

/** One job at a time, in a child process that is kept for the next one as long as all goes well. */
export class JobSlot {
  private child: JobProcess | undefined;
  private current: CurrentJob | undefined;
  private idle: NodeJS.Timeout | undefined;
  private releasing = false;

  constructor(private readonly options: JobSlotOptions) {}

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** From the claim to the API's word that it has the result. Never rejects. */
  run(job: ClaimedJob): Promise<void> {
    const { job_id: jobId, analysis_type: analysisType, attempt_count: attempt, traceparent: parent } = job;
    const attributes = { jobId, analysisType, attempt };
    return this.options.tracer.run({ name: 'job.run', parent, attributes }, (span) =>
      this.runTraced(job, span),
    );
  }

  private async runTraced(job: ClaimedJob, span: Span): Promise<void> {
    const { api, prepare } = this.options;
    const { job_id: jobId, analysis_type: analysisType, attempt_count: attempt } = job;
    const logger = this.options.logger.child({ jobId, analysisType });
    const startedAtMs = performance.now();
    clearTimeout(this.idle);
    logger.info(
      { attempt, isResumed: job.checkpoint !== undefined && job.checkpoint !== null },
      'job.started',
    );
    const taken = new AbortController();
    const lease = new JobLease({
      api,
      job,
      logger,
      onSaved: (timestampMs) => this.child?.send({ type: 'saved', timestampMs }),
      onLost: () => this.takeAway(),
    });
    const outcome = await new Promise<JobOutcome>((finish) => {
      this.current = { job, lease, logger, taken, finish };
      prepare(analysisType, taken.signal).then(
        () => !taken.signal.aborted && this.start(job),
        (error: unknown) =>
          finish({ state: 'failed', error: `MODEL_MISSING: ${String(error)}`, retry: true }),
      );
      taken.signal.addEventListener('abort', () => this.child ?? finish(ABORTED), { once: true });
    });
    const durationMs = performance.now() - startedAtMs;
    const word = await this.tell(outcome, { durationMs, traceparent: span.traceparent });
    span.set({ outcome: outcome.state, word, ...errorOf(outcome) });
    this.current = undefined;
    taken.abort();
    logger.info(
      { outcome: outcome.state, word, durationMs: Math.round(durationMs), ...errorOf(outcome) },
      'job.finished',
    );
    this.idle = setTimeout(() => this.giveMemoryBack(), IDLE_MS);
    this.idle.unref();
  }

  /** The job is given back with its newest checkpoint; `run` resolves. */
  release(): void {
    this.releasing = true;
    this.takeAway();
  }

  close(): void {
    clearTimeout(this.idle);
    this.child?.kill('stopped');
  }

  /** The next job gets a child of its own, also while this one is dying. */
  private giveMemoryBack(): void {
    this.child?.kill('idle');
    this.child = undefined;
  }

  private start(job: ClaimedJob): void {
    const child = (this.child ??= this.fork());
    if (this.current) this.current.child = child;
    child.send({
      type: 'run',
      job: {
        jobId: job.job_id,
        analysisType: job.analysis_type,
        videoUrl: this.options.api.absolute(job.video_url),
        params: job.params,
        checkpoint: job.checkpoint,
      },
    });
  }

  private fork(): JobProcess {
    const { entry, settings, limits, logger } = this.options;
    const child: JobProcess = new JobProcess({
      entry,
      settings,
      limits,
      logger,
      onMessage: (message) => this.receive(message),
      onExit: (reason) => this.childEnded(child, reason),
    });
    return child;
  }

  private childEnded(child: JobProcess, reason: string): void {
    if (this.child !== child) return;
    this.child = undefined;
    const error = `ANALYSIS_CRASHED: The process of the analysis ended: ${reason}.`;
    this.current?.finish({ state: 'failed', error, retry: true });
  }

  private receive(message: FromJobChild): void {
    const { current } = this;
    if (!current) return;
    if (message.type === 'progress') current.lease.report(message);
    if (message.type === 'assets') void this.giveAddresses(current, message);
    if (message.type === 'part') void this.storePart(current, message);
    if (message.type === 'finished') current.finish(message.outcome);
  }

  private async giveAddresses(
    { job, taken, logger, child }: CurrentJob,
    { requestId, files }: Extract<FromJobChild, { type: 'assets' }>,
  ): Promise<void> {
    const { api } = this.options;
    const asked = files.slice(0, FILES_PER_REQUEST).map(({ name, contentType, sizeBytes }) => ({
      name,
      content_type: contentType,
      size_bytes: sizeBytes,
    }));
    const backOff = new BackOff({ firstMs: 200, capMs: 2_000 });
    while (!taken.signal.aborted) {
      try {
        const found = await api.assets(job, asked);
        const uploads = found?.map(({ name, key, upload_url }) => ({
          name,
          key,
          url: api.absolute(upload_url),
        }));
        return child?.send({ type: 'uploads', requestId, ...(uploads && { uploads }) });
      } catch (error) {
        logger.warn({ cause: String(error) }, 'job.assets-failed');
        await pause(backOff.nextMs(), taken.signal);
      }
    }
  }

  private async storePart(
    { job, taken, logger, child }: CurrentJob,
    { requestId, index, part }: Extract<FromJobChild, { type: 'part' }>,
  ): Promise<void> {
    const backOff = new BackOff({ firstMs: 200, capMs: 2_000 });
    while (!taken.signal.aborted) {
      try {
        const word = await this.options.api.part(job, { index, raw_response: part });
        if (taken.signal.aborted) return;
        if (word === 'lost') return this.takeAway();
        return child?.send({ type: 'part', requestId, isStored: word === 'taken' });
      } catch (error) {
        logger.warn({ cause: String(error) }, 'job.part-failed');
        await pause(backOff.nextMs(), taken.signal);
      }
    }
  }

  private takeAway(): void {
    this.current?.taken.abort();
    this.child?.send({ type: 'abort' });
  }

  /** What the API made of the end; it is asked until it answers, for the lease decides. */
  private async tell(
    outcome: JobOutcome,
    about: { durationMs: number; traceparent: Span['traceparent'] },
  ): Promise<Taken> {
    const { current, releasing } = this;
    if (!current) return 'lost';
    const { api } = this.options;
    const { job, lease, taken, logger } = current;
    const isGivenBack = releasing && outcome.state === 'failed';
    if (isGivenBack) await lease.sayLast();
    if (taken.signal.aborted && !releasing) {
      await lease.end();
      return 'lost';
    }
    const backOff = new BackOff({ firstMs: 200, capMs: 5_000 });
    for (;;) {
      try {
        const word = await this.tellOnce(job, outcome, { ...about, isGivenBack });
        if (word === 'refused' && outcome.state === 'done') await api.fail(job, NOT_TAKEN);
        await lease.end();
        return word;
      } catch (error) {
        logger.warn({ cause: String(error) }, 'job.result-waits');
        if (this.releasing || taken.signal.aborted) break;
        await pause(backOff.nextMs(), taken.signal);
      }
    }
    await lease.end();
    return 'lost';
  }

  private tellOnce(
    job: ClaimedJob,
    outcome: JobOutcome,
    {
      durationMs,
      traceparent,
      isGivenBack,
    }: { durationMs: number; traceparent: Span['traceparent']; isGivenBack: boolean },
  ): Promise<Taken> {
    const { api } = this.options;
    if (isGivenBack) return api.fail(job, { error: 'WORKER_STOPPED', retry: true, release: true });
    if (outcome.state === 'failed')
      return api.fail(job, { error: outcome.error, retry: outcome.retry, release: false });
    const { rawResponse, model, version, metadata, parts } = outcome.result;
    const said = {
      event_id: job.event_id,
      analysis_type: job.analysis_type,
      duration_ms: Math.round(durationMs),
      raw_response: rawResponse,
      parts,
      model,
      version,
      metadata,
    };
    return api.result(job, said, { traceparent });
  }
}

const ABORTED: JobOutcome = { state: 'failed', error: 'LEASE_LOST: The job was taken away.', retry: true };

/** A result that is too large, or that nobody can read, is the same the next time. */
const NOT_TAKEN = {
  error: 'RESULT_INVALID: The API does not take what was found.',
  retry: false,
  release: false,
};

function errorOf(outcome: JobOutcome): { error?: string } {
  return outcome.state === 'failed' ? { error: outcome.error } : {};
}
