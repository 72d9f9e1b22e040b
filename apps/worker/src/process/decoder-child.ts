import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Logger } from '@camfleet/telemetry';
import { childEnvironment } from './child-environment';
import { type PipeMessage, readMessages } from './frame-pipe';
import { CHILD_THREADPOOL_SIZE, EVENT_PIPE_FD, FromChild, PICTURE_PIPE_FD, type ToChild } from './ipc';

export interface SupervisionLimits {
  /** A child that is not ready by then is killed: it loads models first. */
  readyWithinMs: number;
  pingIntervalMs: number;
  /** A child whose answer to a ping is overdue by this hangs, and is killed. */
  pongWithinMs: number;
  maxRssBytes: number;
}

export const DEFAULT_LIMITS: SupervisionLimits = {
  readyWithinMs: 30_000,
  pingIntervalMs: 1_000,
  pongWithinMs: 5_000,
  maxRssBytes: 2 * 1024 ** 3,
};

/** A timer that is later than this tells of a pause of this process. */
const OWN_PAUSE_MS = 500;

/**
 * The buffers of pictures make V8 collect all of its small heap each second, which costs a camera 1.5 % of a core.
 * With room for old objects from the start it collects the young alone; the preload collects the old when they grow, so
 * that a child stays as small (200 MB). Compiled, also when this file itself runs from `src`.
 */
const CHILD_FLAGS = [
  '--enable-source-maps',
  '--initial-old-space-size=64',
  '--expose-gc',
  '--require',
  join(__dirname, '..', '..', 'dist', 'process', 'child-preload.js'),
];

/**
 * With each thread's own arena, memory would grow with every source opened. Left to itself glibc raises its thresholds
 * to the size of the pictures it has freed, and keeps them: 20 MB a child, and more with each hundred reconnects. So
 * what is as large as a picture is mapped and given back, and so is what is free at the end of a heap.
 */
const MALLOC_SETTINGS = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: String(256 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(1024 ** 2),
};

export type ExitReason = 'crashed' | 'hung' | 'too-large' | 'broken-pipe' | 'stopped';

export interface DecoderChildOptions {
  entry: string;
  environment: Record<string, string>;
  limits: SupervisionLimits;
  logger: Logger;
  onMessage: (message: FromChild) => void;
  onPicture: (message: PipeMessage) => void;
  onEvent: (message: PipeMessage) => void;
  /** Called once, when the process is gone and its pipes are read to the end. */
  onExit: (reason: ExitReason) => void;
}

/** One forked process and the watch over it. It is killed, never asked, when it hangs or grows too large. */
export class DecoderChild {
  private readonly process: ChildProcess;
  private readonly pingTimer: NodeJS.Timeout;
  private deadline: NodeJS.Timeout;
  private sequence = 0;
  private killReason: ExitReason | undefined;
  private gone = false;

  constructor(private readonly options: DecoderChildOptions) {
    this.process = fork(options.entry, [], {
      env: {
        ...childEnvironment(process.env),
        ...options.environment,
        UV_THREADPOOL_SIZE: String(CHILD_THREADPOOL_SIZE),
        ...MALLOC_SETTINGS,
      },
      execArgv: CHILD_FLAGS,
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'pipe', 'pipe', 'ipc'],
    });
    this.process.on('message', (raw) => this.receive(raw));
    this.process.on('error', (error) => options.logger.error({ err: error }, 'child.error'));
    this.process.once('close', () => this.finish());
    this.readPipe(PICTURE_PIPE_FD, options.onPicture);
    this.readPipe(EVENT_PIPE_FD, options.onEvent);
    this.deadline = this.killIn(options.limits.readyWithinMs);
    this.pingTimer = setInterval(() => this.ping(), options.limits.pingIntervalMs);
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  send(message: ToChild): void {
    // A child that is going away gets everything anew in its next life.
    if (this.process.connected) this.process.send(message, () => undefined);
  }

  kill(reason: ExitReason): void {
    this.killReason ??= reason;
    this.process.kill('SIGKILL');
  }

  private readPipe(fd: number, onMessage: (message: PipeMessage) => void): void {
    const pipe = this.process.stdio[fd];
    if (!(pipe instanceof Readable)) throw new Error('The child was forked without its pipes.');
    readMessages(pipe, { onMessage, onBroken: () => this.kill('broken-pipe') });
  }

  private receive(raw: unknown): void {
    const parsed = FromChild.safeParse(raw);
    if (!parsed.success) {
      this.options.logger.error({ issues: parsed.error.issues.length }, 'child.message-malformed');
      return;
    }
    const message = parsed.data;
    if (message.type === 'ready') this.keepAlive();
    if (message.type === 'pong') {
      if (message.sequence === this.sequence) this.keepAlive();
      if (message.figures.rssBytes > this.options.limits.maxRssBytes) this.kill('too-large');
    }
    this.options.onMessage(message);
  }

  private ping(): void {
    this.sequence += 1;
    this.send({ type: 'ping', sequence: this.sequence });
  }

  private keepAlive(): void {
    clearTimeout(this.deadline);
    this.deadline = this.killIn(this.options.limits.pingIntervalMs + this.options.limits.pongWithinMs);
  }

  private killIn(ms: number): NodeJS.Timeout {
    const dueAtMs = performance.now() + ms;
    return setTimeout(() => {
      // It was this process that stood still: the answers lie in the pipe.
      if (performance.now() - dueAtMs > OWN_PAUSE_MS) this.keepAlive();
      else this.kill('hung');
    }, ms);
  }

  private finish(): void {
    if (this.gone) return;
    this.gone = true;
    clearTimeout(this.deadline);
    clearInterval(this.pingTimer);
    this.options.onExit(this.killReason ?? 'crashed');
  }
}
