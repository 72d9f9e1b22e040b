import { setMaxListeners } from 'node:events';
import { CamfleetError, type ErrorCode, SourceError } from '@camfleet/domain';
import { ZodError } from 'zod';
import type { Analysis, ResultPart } from './analysis';
import { AssetSender } from './asset-sender';
import { Checkpoints } from './checkpoints';
import type { AssetFile, FromJobChild, JobOrder, JobOutcome, ToJobChild, Upload } from './ipc';

/** Each upload on its way listens, and each read. */
const MAX_LISTENERS = 100;

/** What the worker says to a request of its child. */
type Answer = Extract<ToJobChild, { requestId: number }>;

interface RunningJob {
  abort: AbortController;
  checkpoints: Checkpoints;
}

/** What lives in a job child: one job after another, each told what it may do and watched by its worker. */
export class JobHost {
  private running: RunningJob | undefined;
  private requests = 0;
  private steps = 0;
  private readonly asked = new Map<number, (answer: Answer) => void>();

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
      case 'part':
        return this.asked.get(message.requestId)?.(message);
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
        putPart: (index, part) => this.putPart(index, { part, signal }),
      });
      return { state: 'done', result };
    } finally {
      this.steps += checkpoints.steps;
      this.running = undefined;
      abort.abort();
    }
  }

  private async addresses(files: AssetFile[], signal: AbortSignal): Promise<Upload[]> {
    const answer = await this.ask((requestId) => ({ type: 'assets', requestId, files }), signal);
    if (answer.type === 'uploads' && answer.uploads) return answer.uploads;
    throw new CamfleetError('INTERNAL_ERROR', 'The API takes no files of this job.');
  }

  private async putPart(
    index: number,
    { part, signal }: { part: ResultPart; signal: AbortSignal },
  ): Promise<void> {
    this.steps += 1;
    const lists = Object.fromEntries(Object.entries(part).map(([name, entries]) => [name, [...entries]]));
    const answer = await this.ask((requestId) => ({ type: 'part', requestId, index, part: lists }), signal);
    if (answer.type === 'part' && answer.isStored) return;
    throw new CamfleetError('RESULT_INVALID', `The API does not take part ${index} of what was found.`);
  }

  /** Rejects when the job is taken away: then nobody answers any more. */
  private ask(message: (requestId: number) => FromJobChild, signal: AbortSignal): Promise<Answer> {
    this.requests += 1;
    const requestId = this.requests;
    return new Promise((resolve, reject) => {
      const gone = () => {
        this.asked.delete(requestId);
        reject(signal.reason);
      };
      if (signal.aborted) return gone();
      signal.addEventListener('abort', gone, { once: true });
      this.asked.set(requestId, (answer) => {
        signal.removeEventListener('abort', gone);
        this.asked.delete(requestId);
        resolve(answer);
      });
      this.send(message(requestId));
    });
  }
}

const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'SOURCE_NOT_FOUND',
  'SOURCE_UNSUPPORTED',
  'SOURCE_INVALID',
  'RESULT_INVALID',
]);

/** What is wrong with the video, with what was asked or with what was found stays so, however often it is tried. */
function failure(error: unknown): JobOutcome {
  if (error instanceof ZodError)
    return { state: 'failed', error: `VALIDATION_FAILED: ${error.message}`, retry: false };
  const hasCode = error instanceof SourceError || error instanceof CamfleetError;
  const code = hasCode ? error.code : 'INTERNAL_ERROR';
  const message = error instanceof Error ? error.message : String(error);
  return { state: 'failed', error: `${code}: ${message}`, retry: !HOPELESS.has(code) };
}
