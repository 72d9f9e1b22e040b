import { isDeepStrictEqual } from 'node:util';
import { SourceError } from '@camfleet/domain';
import type { Assignment } from '@camfleet/protocol';
import type { MachineClock } from '../fleet/machine-clock';
import type { ChildCamera } from './child-camera';
import type { FromChild, View } from './ipc';

interface Held {
  assignment: Assignment;
  views: readonly View[];
  camera: ChildCamera | undefined;
  /** Opening and closing of one camera follow each other. */
  work: Promise<void>;
}

export interface ChildCamerasOptions {
  machine: MachineClock;
  /** The fleet's time, Unix ms: handovers end by it. */
  fleetNowMs: () => number;
  /** @throws SourceError when its settings are of no use */
  open: (assignment: Assignment) => ChildCamera;
  send: (message: FromChild) => void;
  onError: (error: unknown) => void;
}

/**
 * The cameras of this child, which run while the lease does. At the deadline every source is closed from here,
 * whatever the worker's process does, and that of a handover that nobody settled at the handover's end; with a new lease those that are still assigned are opened again.
 */
export class ChildCameras {
  private readonly held = new Map<string, Held>();
  private timer: NodeJS.Timeout | undefined;
  private deadlineMs = -Infinity;
  private running = false;
  private paused = false;

  constructor(private readonly options: ChildCamerasOptions) {}

  renew(deadlineMs: number): void {
    this.deadlineMs = deadlineMs;
    if (this.running || !this.hasLease) return;
    this.running = true;
    for (const held of this.held.values()) this.open(held);
  }

  assign(assignment: Assignment): void {
    const { cameraId } = assignment;
    const before = this.held.get(cameraId);
    if (before && isDeepStrictEqual(before.assignment, assignment)) return;
    if (before?.camera?.adopt(assignment)) {
      before.assignment = assignment;
      return;
    }
    if (before) this.close(before);
    const work = before?.work ?? Promise.resolve();
    const held: Held = { assignment, views: before?.views ?? [], camera: undefined, work };
    this.held.set(cameraId, held);
    if (this.running && this.hasLease) this.open(held);
  }

  async unassign(cameraId: string): Promise<void> {
    const held = this.held.get(cameraId);
    if (!held) return;
    const { camera } = held;
    this.held.delete(cameraId);
    this.close(held);
    await held.work;
    // Its next owner may open the source only when nobody has it here.
    if (held.assignment.source.exclusive) await camera?.sourceClosed;
    this.options.send({ type: 'released', cameraId, epoch: held.assignment.epoch });
  }

  watch(cameraId: string, views: readonly View[]): void {
    const held = this.held.get(cameraId);
    if (!held) return;
    held.views = views;
    held.camera?.show(views);
  }

  pauseAnalysis(paused: boolean): void {
    this.paused = paused;
    for (const { camera } of this.held.values()) camera?.pauseAnalysis(paused);
  }

  get(cameraId: string): ChildCamera | undefined {
    return this.held.get(cameraId)?.camera;
  }

  /** Closes all sources and ends all visits. */
  async closeAll(): Promise<void> {
    clearTimeout(this.timer);
    this.running = false;
    const all = [...this.held.values()];
    for (const held of all) this.close(held);
    await Promise.all(all.map((held) => held.work));
  }

  /**
   * To be called again and again: closes everything when the lease is over, at its very end when that comes before
   * the next look.
   */
  lookAtClock(nextLookInMs: number): void {
    if (!this.running) return;
    clearTimeout(this.timer);
    const remainingMs = this.deadlineMs - this.options.machine.nowMs();
    if (remainingMs <= 0) return this.expire();
    this.endLateHandovers();
    if (remainingMs < nextLookInMs) this.timer = setTimeout(() => this.lookAtClock(0), remainingMs);
  }

  /** By the clock: false the moment the lease ends, whenever that is noticed. */
  get hasLease(): boolean {
    return this.options.machine.nowMs() < this.deadlineMs;
  }

  /** Nobody has said in time which of the two workers goes on. */
  private endLateHandovers(): void {
    for (const held of this.held.values()) {
      if (!held.camera || !this.isLate(held)) continue;
      this.close(held);
      this.tellStopped(held, 'HANDOVER_LATE: The API has not said which worker goes on.');
    }
  }

  private isLate({ assignment: { handoverEndsAt } }: Held): boolean {
    return handoverEndsAt !== undefined && this.options.fleetNowMs() >= Date.parse(handoverEndsAt);
  }

  private expire(): void {
    clearTimeout(this.timer);
    this.running = false;
    for (const held of this.held.values()) {
      this.close(held);
      this.tellStopped(held, 'LEASE_EXPIRED: This worker cannot reach the API.');
    }
  }

  private open(held: Held): void {
    held.work = held.work.then(() => {
      if (!this.running || this.held.get(held.assignment.cameraId) !== held || held.camera) return;
      if (this.isLate(held)) return;
      try {
        held.camera = this.options.open(held.assignment);
        held.camera.show(held.views);
        held.camera.pauseAnalysis(this.paused);
      } catch (error) {
        if (!(error instanceof SourceError)) this.options.onError(error);
        const code = error instanceof SourceError ? error.code : 'SOURCE_INVALID';
        const message = error instanceof Error ? error.message : 'The camera cannot be opened.';
        this.tellStopped(held, `${code}: ${message}`, 'failed');
      }
    });
  }

  private close(held: Held): void {
    const { camera } = held;
    held.camera = undefined;
    if (camera) held.work = held.work.then(() => camera.stop()).catch(this.options.onError);
    else held.work = held.work.then(() => this.closeLate(held));
  }

  /** One that was about to open when it was closed. */
  private async closeLate(held: Held): Promise<void> {
    const { camera } = held;
    held.camera = undefined;
    await camera?.stop();
  }

  private tellStopped(
    { assignment }: Held,
    reason: string,
    state: 'reconnecting' | 'failed' = 'reconnecting',
  ) {
    const { cameraId, epoch } = assignment;
    const nothing = { fps: null, width: null, height: null, codec: null, lastFrameAtMs: null, restarts: 0 };
    this.options.send({ type: 'status', camera: { cameraId, epoch, state, reason, ...nothing } });
  }
}
