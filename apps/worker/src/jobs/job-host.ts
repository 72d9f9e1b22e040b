import { setMaxListeners } from 'node:events';
import { CamfleetError, SourceError, type SourceErrorCode } from '@camfleet/domain';
import { ZodError } from 'zod';
import type { Analysis } from './analysis';
import { AssetSender } from './asset-sender';
import { Checkpoints } from './checkpoints';
import type { AssetFile, FromJobChild, JobOrder, JobOutcome, ToJobChild, Upload } from './ipc';

/** Each upload on its way listens, and each read. */
const MAX_LISTENERS = 100;

interface RunningJob {
  abort: AbortController;
  checkpoints: Checkpoints;
}

/** What lives in a job child: one job after another, each told what it may do and watched by its worker. */
export class JobHost {
  private running: RunningJob | undefined;
  private requests = 0;
  private steps = 0;
  private readonly asked = new Map<number, (uploads: Upload[] | undefined) => void>();

  constructor(
    private readonly analyses: readonly Analysis[],
    private readonly send: (message: FromJobChild) => void,
  ) {}

  receive(message: ToJobChild): void {
    switch (message.type) {
      case 'run':
        return void this.run(message.job);
      case 'abort':
        return this.running?.abort.abort(new CamfleetError('LEASE_LOST', 'The job was taken away.'));
      case 'saved':
        return this.running?.checkpoints.saved(message.timestampMs);
      case 'uploads':
        return this.asked.get(message.requestId)?.(message.uploads);
      case 'ping':
        return this.send({ type: 'pong', rssBytes: process.memoryUsage.rss(), steps: this.allSteps });
    }
  }

  private get allSteps(): number {
    return this.steps + (this.running?.checkpoints.steps ?? 0);
  }

  private async run(job: JobOrder): Promise<void> {
    const outcome = await this.outcomeOf(job).catch(failure);
    this.send({ type: 'finished', outcome });
  }

  private async outcomeOf(job: JobOrder): Promise<JobOutcome> {
    const analysis = this.analyses.find(({ type }) => type === job.analysisType);
    if (!analysis) throw new CamfleetError('NOT_FOUND', `This worker cannot do ${job.analysisType}.`);
    const abort = new AbortController();
    const { signal } = abort;
    setMaxListeners(MAX_LISTENERS, signal);
    const checkpoints = new Checkpoints(this.send, signal);
    await using assets = new AssetSender({ addresses: (files) => this.addresses(files, signal), signal });
    this.running = { abort, checkpoints };
    try {
      const result = await analysis.run({
        jobId: job.jobId,
        video: { url: job.videoUrl },
        params: job.params,
        checkpoint: job.checkpoint,
        signal,
        report: (progress) => checkpoints.report(progress),
        putAsset: (name, contentType, bytes) => {
          this.steps += 1;
          return assets.put(name, contentType, bytes);
        },
      });
      return { state: 'done', result };
    } finally {
      this.steps += checkpoints.steps;
      this.running = undefined;
      abort.abort();
    }
  }

  /** Rejects when the job is taken away: then nobody answers any more. */
  private addresses(files: AssetFile[], signal: AbortSignal): Promise<Upload[]> {
    this.requests += 1;
    const requestId = this.requests;
    return new Promise((resolve, reject) => {
      const gone = () => {
        this.asked.delete(requestId);
        reject(signal.reason);
      };
      if (signal.aborted) return gone();
      signal.addEventListener('abort', gone, { once: true });
      this.asked.set(requestId, (uploads) => {
        signal.removeEventListener('abort', gone);
        this.asked.delete(requestId);
        if (uploads) resolve(uploads);
        else reject(new CamfleetError('INTERNAL_ERROR', 'The API takes no files of this job.'));
      });
      this.send({ type: 'assets', requestId, files });
    });
  }
}

const HOPELESS: ReadonlySet<SourceErrorCode> = new Set([
  'SOURCE_NOT_FOUND',
  'SOURCE_UNSUPPORTED',
  'SOURCE_INVALID',
]);

/** What is wrong with the video or with what was asked stays so, however often it is tried. */
function failure(error: unknown): JobOutcome {
  if (error instanceof ZodError)
    return { state: 'failed', error: `VALIDATION_FAILED: ${error.message}`, retry: false };
  if (error instanceof SourceError)
    return { state: 'failed', error: `${error.code}: ${error.message}`, retry: !HOPELESS.has(error.code) };
  const code = error instanceof CamfleetError ? error.code : 'INTERNAL_ERROR';
  const message = error instanceof Error ? error.message : String(error);
  return { state: 'failed', error: `${code}: ${message}`, retry: true };
}
