import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Answer, Job, ThreadStart } from './jobs';
import { VisionError } from './vision-error';

/** Compiled, also when this file itself runs from `src`: a thread of Node cannot load TypeScript. */
const ENTRY = join(__dirname, '..', '..', 'dist', 'runtime', 'inference-thread.js');
/** A job takes some milliseconds; a thread that has not answered by then never will. */
const JOB_TIMEOUT_MS = 10_000;

/** One inference thread, started and warm. It lives until it fails or is ended. */
export class JobThread {
  private pending: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  private failure: VisionError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (answer: Answer) => this.settle((pending) => pending.resolve(answer)));
    worker.on('error', (cause) => this.fail('The inference thread crashed.', cause));
    worker.on('exit', () => this.fail('The inference thread ended.'));
  }

  /** @throws VisionError `MODEL_MISSING`, `VISION_START_FAILED` */
  static async start(workerData: ThreadStart): Promise<JobThread> {
    keepTelemetryOff();
    const thread = new JobThread(new Worker(ENTRY, { workerData }));
    try {
      const answer = await thread.answer();
      if (answer.kind === 'start-failed') throw new VisionError(answer.code, answer.message);
      return thread;
    } catch (error) {
      await thread.end();
      if (error instanceof VisionError && error.code !== 'VISION_THREAD_FAILED') throw error;
      throw new VisionError('VISION_START_FAILED', 'The inference thread did not start.', { cause: error });
    }
  }

  get isAlive(): boolean {
    return this.failure === undefined;
  }

  /** One at a time. @throws VisionError `VISION_JOB_FAILED`, `VISION_THREAD_FAILED`, and what a model's loading throws */
  async run(job: Job): Promise<Answer> {
    if (this.failure) throw this.failure;
    const answered = this.answer();
    this.worker.postMessage(job);
    const answer = await answered;
    if (answer.kind === 'job-failed') throw new VisionError(answer.code, answer.message);
    return answer;
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private answer(): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.fail(`The inference thread did not answer within ${JOB_TIMEOUT_MS} ms.`);
        void this.worker.terminate();
      }, JOB_TIMEOUT_MS);
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      this.pending = { resolve: settled(resolve), reject: settled(reject) };
    });
  }

  private fail(message: string, cause?: unknown): void {
    this.failure ??= new VisionError('VISION_THREAD_FAILED', message, { cause });
    const { failure } = this;
    this.settle((pending) => pending.reject(failure));
  }

  private settle(how: (pending: NonNullable<JobThread['pending']>) => void): void {
    const { pending } = this;
    this.pending = undefined;
    if (pending) how(pending);
  }
}

/**
 * From 1.29 on ONNX Runtime tells its makers about every process, and keeps an identifier in the home folder. What
 * cameras see stays here: its two switches are set before the library is loaded, on the main thread, whose
 * environment (and not a worker thread's) is the process's own.
 */
function keepTelemetryOff(): void {
  Object.assign(process.env, NO_TELEMETRY);
}

export const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1', ORT_TELEMETRY_DISABLED: '1' } as const;
