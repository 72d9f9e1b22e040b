import type { Assignment } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { ChildSlot, type LeaseTerms } from './child-slot';
import { DEFAULT_LIMITS, type ExitReason, type SupervisionLimits } from './decoder-child';
import type { PipeMessage } from './frame-pipe';
import type { ChildFigures, FromChild, Task, View } from './ipc';

export interface ChildPoolOptions {
  size: number;
  entry: string;
  environment: Record<string, string>;
  limits?: Partial<SupervisionLimits>;
  logger: Logger;
  onMessage: (message: FromChild) => void;
  onPicture: (message: PipeMessage) => void;
  /** @param child which of the children saw it */
  onEvent: (message: PipeMessage, child: number) => void;
  onLost: (lost: LostChild) => void;
  /** A camera is to run here, or has other settings. */
  onAssign?: (assignment: Assignment) => void;
}

export interface LostChild {
  child: number;
  /** Those that it ran. */
  cameraIds: string[];
  reason: ExitReason;
}

export interface ChildHealth extends ChildFigures {
  pid: number | undefined;
  ready: boolean;
  cameras: string[];
  restarts: number;
}

const NO_FIGURES: ChildFigures = {
  cpuSeconds: 0,
  rssBytes: 0,
  eventLoopLagMs: 0,
  analysis: { done: 0, late: 0, dropped: 0 },
  modelSeconds: 0,
  inferenceSeconds: 0,
};

/** Cameras of one source share one reader, which lives in one child. */
function sourceOf({ source }: Assignment): string {
  return JSON.stringify([source.url, source.username, source.transport, source.loop, source.maxFrames]);
}

/** The decoder children, started warm, and which of them runs which camera. */
export class ChildPool {
  private readonly slots: ChildSlot[];
  private readonly health: ChildFigures[];
  private readonly slotOfCamera = new Map<string, ChildSlot>();

  constructor(private readonly options: ChildPoolOptions) {
    this.health = Array.from({ length: options.size }, () => ({ ...NO_FIGURES }));
    this.slots = this.health.map(
      (health, child) =>
        new ChildSlot({
          ...options,
          limits: { ...DEFAULT_LIMITS, ...options.limits },
          onEvent: (message) => options.onEvent(message, child),
          onLost: (cameraIds, reason) => options.onLost({ child, cameraIds, reason }),
          onMessage: (message) => {
            if (message.type === 'pong') return void Object.assign(health, message.figures);
            // A camera that went from one child to another is released by the last that has it.
            const isElsewhere = message.type === 'released' && this.isOpen(message.cameraId);
            if (!isElsewhere) options.onMessage(message);
          },
        }),
    );
  }

  /**
   * A camera goes to the child that has its source, so that it is opened once; else a known one stays where it is,
   * and a new one goes to the least loaded.
   */
  assign(assignment: Assignment): void {
    const { cameraId } = assignment;
    this.options.onAssign?.(assignment);
    const before = this.slotOfCamera.get(cameraId);
    const slot = this.holderOf(assignment, before) ?? before ?? leastLoaded(this.slots);
    this.slotOfCamera.set(cameraId, slot);
    const views = before !== slot && before?.unassign(cameraId);
    slot.assign(assignment);
    if (views) slot.watch(cameraId, views);
  }

  unassign(cameraId: string): void {
    const slot = this.slotOfCamera.get(cameraId);
    this.slotOfCamera.delete(cameraId);
    slot?.unassign(cameraId);
  }

  watch(cameraId: string, views: readonly View[]): void {
    this.slotOfCamera.get(cameraId)?.watch(cameraId, views);
  }

  renew(lease: LeaseTerms): void {
    for (const slot of this.slots) slot.renew(lease);
  }

  pauseAnalysis(paused: boolean): void {
    for (const slot of this.slots) slot.pauseAnalysis(paused);
  }

  /** In the camera's own child, or in the least loaded one that is ready. */
  run(task: Task, timeoutMs: number): Promise<unknown> {
    const own = 'cameraId' in task ? this.slotOfCamera.get(task.cameraId) : undefined;
    const ready = this.slots.filter((slot) => slot.ready);
    return (own ?? leastLoaded(ready.length > 0 ? ready : this.slots)).run(task, timeoutMs);
  }

  get anyReady(): boolean {
    return this.slots.some((slot) => slot.ready);
  }

  describe(): ChildHealth[] {
    return this.slots.map((slot, index) => ({
      pid: slot.pid,
      ready: slot.ready,
      cameras: slot.assignments.map((assignment) => assignment.cameraId),
      restarts: slot.restarts,
      ...(this.health[index] ?? NO_FIGURES),
    }));
  }

  async stop(): Promise<void> {
    await Promise.all(this.slots.map((slot) => slot.stop()));
  }

  /** The child that has this source open or has not closed it yet; the camera's own first. */
  private holderOf(assignment: Assignment, own: ChildSlot | undefined): ChildSlot | undefined {
    const source = sourceOf(assignment);
    const holders = this.slots.filter((slot) => slot.open.some((other) => sourceOf(other) === source));
    return holders.find((slot) => slot === own) ?? holders[0];
  }

  private isOpen(cameraId: string): boolean {
    return this.slots.some((slot) => slot.has(cameraId));
  }
}

function leastLoaded(slots: readonly ChildSlot[]): ChildSlot {
  const [first, ...others] = slots;
  if (!first) throw new Error('A pool has at least one child.');
  return others.reduce((a, b) => (b.assignments.length < a.assignments.length ? b : a), first);
}
