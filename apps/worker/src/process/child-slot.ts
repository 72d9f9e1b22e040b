import type { Assignment } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { DecoderChild, type ExitReason, type SupervisionLimits } from './decoder-child';
import type { PipeMessage } from './frame-pipe';
import type { FromChild, Task, ToChild, View } from './ipc';

/** A child that lived this long has earned a quick restart. */
const STABLE_AFTER_MS = 60_000;
const STOP_WITHIN_MS = 3_000;

/** A task that failed, with the code that a client is told. */
export class TaskFailedError extends Error {
  override readonly name = 'TaskFailedError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

interface PendingTask {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
  timer: NodeJS.Timeout;
}

export interface LeaseTerms {
  deadlineMs: number;
  clockOffsetMs: number;
}

export interface ChildSlotOptions {
  entry: string;
  environment: Record<string, string>;
  limits: SupervisionLimits;
  logger: Logger;
  onMessage: (message: FromChild) => void;
  onPicture: (message: PipeMessage) => void;
  onEvent: (message: PipeMessage) => void;
  /** The process is gone; `cameraIds` are those that it ran. */
  onLost: (cameraIds: string[], reason: ExitReason) => void;
}

/** Keeps one child alive: whatever happens to the process, the next one gets the same cameras. */
export class ChildSlot {
  private readonly cameras = new Map<string, { assignment: Assignment; views: readonly View[] }>();
  /** What the child was told to close and has not yet. */
  private readonly releasing = new Map<string, Assignment>();
  private readonly tasks = new Map<number, PendingTask>();
  private readonly backOff = new BackOff({ firstMs: 200, capMs: 10_000 });
  private child: DecoderChild | undefined;
  private isReady = false;
  private lease: LeaseTerms | undefined;
  private paused = false;
  private lastTaskId = 0;
  private startedAtMs = 0;
  private stopping = false;
  private restartTimer: NodeJS.Timeout | undefined;
  private onStopped: () => void = () => undefined;
  restarts = 0;

  constructor(private readonly options: ChildSlotOptions) {
    this.start();
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get ready(): boolean {
    return this.isReady;
  }

  get assignments(): Assignment[] {
    return [...this.cameras.values()].map((camera) => camera.assignment);
  }

  /** True of a camera that runs here or is not closed yet. */
  has(cameraId: string): boolean {
    return this.cameras.has(cameraId) || this.releasing.has(cameraId);
  }

  /** What the child has open, or has not closed yet. */
  get open(): Assignment[] {
    return [...this.assignments, ...this.releasing.values()];
  }

  assign(assignment: Assignment): void {
    const views = this.cameras.get(assignment.cameraId)?.views ?? [];
    this.cameras.set(assignment.cameraId, { assignment, views });
    this.send({ type: 'assign', assignment });
  }

  /** Gives what had viewers. */
  unassign(cameraId: string): readonly View[] {
    const known = this.cameras.get(cameraId);
    this.cameras.delete(cameraId);
    if (!known) return [];
    if (this.isReady) {
      this.releasing.set(cameraId, known.assignment);
      this.send({ type: 'unassign', cameraId });
    } else this.tellReleased(known.assignment);
    return known.views;
  }

  watch(cameraId: string, views: readonly View[]): void {
    const camera = this.cameras.get(cameraId);
    if (!camera) return;
    camera.views = views;
    this.send({ type: 'watch', cameraId, views: [...views] });
  }

  renew(lease: LeaseTerms): void {
    this.lease = lease;
    this.send({ type: 'lease', ...lease });
  }

  pauseAnalysis(paused: boolean): void {
    this.paused = paused;
    this.send({ type: 'analysis', paused });
  }

  /** Rejects with {@link TaskFailedError}: the child's own code, or `SOURCE_TIMEOUT`, or `INTERNAL_ERROR`. */
  run(task: Task, timeoutMs: number): Promise<unknown> {
    if (!this.isReady) {
      return Promise.reject(new TaskFailedError('NO_WORKER_AVAILABLE', 'The decoder is starting.'));
    }
    this.lastTaskId += 1;
    const taskId = this.lastTaskId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.settle(taskId)?.reject(new TaskFailedError('SOURCE_TIMEOUT', 'It took too long.'));
      }, timeoutMs);
      this.tasks.set(taskId, { resolve, reject, timer });
      this.send({ type: 'task', taskId, task });
    });
  }

  /** Asks the child to end its visits and close its cameras; kills it when that takes too long. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.restartTimer);
    const child = this.child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => (this.onStopped = resolve));
    child.send({ type: 'stop' });
    const timer = setTimeout(() => child.kill('stopped'), STOP_WITHIN_MS);
    await gone;
    clearTimeout(timer);
  }

  private start(): void {
    this.startedAtMs = performance.now();
    this.child = new DecoderChild({
      ...this.options,
      onMessage: (message) => this.receive(message),
      onExit: (reason) => this.exited(reason),
    });
  }

  private send(message: ToChild): void {
    if (this.isReady) this.child?.send(message);
  }

  private receive(message: FromChild): void {
    switch (message.type) {
      case 'ready':
        this.isReady = true;
        this.resume();
        break;
      case 'released':
        // One that was closed again meanwhile is still closing.
        if (this.releasing.get(message.cameraId)?.epoch === message.epoch) {
          this.releasing.delete(message.cameraId);
        }
        break;
      case 'task-done':
        return this.settle(message.taskId)?.resolve(message.value);
      case 'task-failed':
        return this.settle(message.taskId)?.reject(
          new TaskFailedError(message.error.code, message.error.message),
        );
    }
    this.options.onMessage(message);
  }

  /** The lease first: without it the child opens nothing. */
  private resume(): void {
    if (this.lease) this.send({ type: 'lease', ...this.lease });
    this.send({ type: 'analysis', paused: this.paused });
    for (const { assignment, views } of this.cameras.values()) {
      this.send({ type: 'assign', assignment });
      this.send({ type: 'watch', cameraId: assignment.cameraId, views: [...views] });
    }
  }

  private tellReleased({ cameraId, epoch }: Assignment): void {
    this.options.onMessage({ type: 'released', cameraId, epoch });
  }

  private settle(taskId: number): PendingTask | undefined {
    const task = this.tasks.get(taskId);
    clearTimeout(task?.timer);
    this.tasks.delete(taskId);
    return task;
  }

  private exited(reason: ExitReason): void {
    this.child = undefined;
    this.isReady = false;
    for (const taskId of this.tasks.keys()) {
      this.settle(taskId)?.reject(new TaskFailedError('INTERNAL_ERROR', 'The decoder process ended.'));
    }
    this.options.onLost([...this.cameras.keys()], this.stopping ? 'stopped' : reason);
    // Their sources are closed with the process: the next owners of these cameras wait to hear it.
    const closed = [...this.releasing.values()];
    this.releasing.clear();
    for (const assignment of closed) this.tellReleased(assignment);
    if (this.stopping) return this.onStopped();
    this.restarts += 1;
    if (performance.now() - this.startedAtMs > STABLE_AFTER_MS) this.backOff.reset();
    const delayMs = this.backOff.nextMs();
    this.options.logger.error({ reason, restartInMs: Math.round(delayMs) }, 'child.lost');
    this.restartTimer = setTimeout(() => this.start(), delayMs);
  }
}
