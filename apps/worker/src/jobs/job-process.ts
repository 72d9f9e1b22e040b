import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { childEnvironment } from '../process/child-environment';
import type { Logger } from '@camfleet/telemetry';
import { FromJobChild, type JobChildSettings, type ToJobChild } from './ipc';

export interface JobProcessLimits {
  readyWithinMs: number;
  pingIntervalMs: number;
  /** An event loop that does not answer for so long hangs. */
  pongWithinMs: number;
  /** An analysis that takes no step for so long hangs: a decoder may hang beside the event loop. */
  stepWithinMs: number;
  maxRssBytes: number;
}

export const DEFAULT_JOB_LIMITS: JobProcessLimits = {
  readyWithinMs: 30_000,
  pingIntervalMs: 1_000,
  pongWithinMs: 30_000,
  stepWithinMs: 120_000,
  maxRssBytes: 2 * 1024 ** 3,
};

/** A timer that is later than this tells of a pause of this process. */
const OWN_PAUSE_MS = 500;
/** Live video goes first. */
const NICE = 10;
/** As in a decoder child: what is as large as a picture is given back. */
const MALLOC_SETTINGS = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(256 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(1024 ** 2),
};

export interface JobProcessOptions {
  entry: string;
  settings: JobChildSettings;
  limits: JobProcessLimits;
  logger: Logger;
  onMessage: (message: FromJobChild) => void;
  /** Called once. `reason`: in words, for whoever reads why the job failed. */
  onExit: (reason: string) => void;
}

/** One forked process for jobs and the watch over it. It is killed, never asked, when it hangs or grows too large. */
export class JobProcess {
  private readonly process: ChildProcess;
  private readonly timer: NodeJS.Timeout;
  private reason: string | undefined;
  private isReady = false;
  private isBusy = false;
  private answeredAtMs = performance.now();
  private watchedAtMs = performance.now();
  private steppedAtMs = 0;
  private steps = -1;

  constructor(private readonly options: JobProcessOptions) {
    this.process = fork(options.entry, [], {
      env: {
        ...childEnvironment(process.env),
        ...MALLOC_SETTINGS,
        CAMFLEET_JOB_CHILD: JSON.stringify(options.settings),
      },
      execArgv: ['--enable-source-maps'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    if (this.process.pid !== undefined) yieldTo(this.process.pid);
    this.process.on('message', (raw) => this.receive(raw));
    this.process.on('error', (error) => options.logger.error({ err: error }, 'job-child.error'));
    this.process.once('exit', (code, signal) => this.finish(signal ?? `exit code ${code}`));
    this.timer = setInterval(() => this.watch(), options.limits.pingIntervalMs);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  send(message: ToJobChild): void {
    if (message.type === 'run') {
      this.isBusy = true;
      this.steppedAtMs = performance.now();
    }
    if (this.process.connected) this.process.send(message, () => undefined);
  }

  kill(reason: string): void {
    this.reason ??= reason;
    this.process.kill('SIGKILL');
  }

  private receive(raw: unknown): void {
    const parsed = FromJobChild.safeParse(raw);
    if (!parsed.success) {
      this.options.logger.error({ issues: parsed.error.issues.length }, 'job-child.message-malformed');
      return;
    }
    const message = parsed.data;
    this.answeredAtMs = performance.now();
    if (message.type === 'ready') this.isReady = true;
    if (message.type === 'finished') this.isBusy = false;
    if (message.type === 'pong') this.look(message);
    this.options.onMessage(message);
  }

  private look({ rssBytes, steps }: Extract<FromJobChild, { type: 'pong' }>): void {
    if (steps !== this.steps) this.steppedAtMs = performance.now();
    this.steps = steps;
    if (rssBytes > this.options.limits.maxRssBytes)
      this.kill(`it took ${Math.round(rssBytes / 1024 ** 2)} MiB of memory`);
  }

  private watch(): void {
    const { readyWithinMs, pongWithinMs, stepWithinMs, pingIntervalMs } = this.options.limits;
    const nowMs = performance.now();
    const pausedMs = nowMs - this.watchedAtMs - pingIntervalMs;
    this.watchedAtMs = nowMs;
    // It was this process that stood still: the answers lie in the pipe.
    if (pausedMs > OWN_PAUSE_MS) this.answeredAtMs = this.steppedAtMs = nowMs;
    const silentMs = nowMs - this.answeredAtMs;
    if (silentMs > (this.isReady ? pongWithinMs : readyWithinMs)) this.kill('it did not answer any more');
    if (this.isBusy && nowMs - this.steppedAtMs > stepWithinMs + pingIntervalMs)
      this.kill(`it took no step for ${stepWithinMs / 1000} s`);
    this.send({ type: 'ping' });
  }

  private finish(how: string): void {
    clearInterval(this.timer);
    this.options.onExit(this.reason ?? how);
  }
}

function yieldTo(pid: number): void {
  try {
    setPriority(pid, NICE);
  } catch {
    // It is gone already, or the system does not let us: it runs as others do.
  }
}
