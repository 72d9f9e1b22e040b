import type { Assignment, CameraReport } from '@camfleet/protocol';
import type { CameraStatus } from '../process/ipc';

/** What carries the cameras: the pool of decoder children. */
export interface CameraRunner {
  assign(assignment: Assignment): void;
  unassign(cameraId: string): void;
}

/** Of a camera whose lease is over. */
const NOT_STREAMING = {
  state: 'reconnecting',
  fps: 0,
  reason: 'LEASE_EXPIRED: This worker cannot reach the API.',
} as const;

/**
 * What the API wants and what the children report. A camera is reported until its child says that the source
 * is closed: its next owner may rely on that.
 */
export class CameraTable {
  private readonly wanted = new Map<string, Assignment>();
  private readonly statuses = new Map<string, CameraStatus>();
  /** Counted until a camera's process was lost: the next one counts from 0. */
  private readonly earlierRestarts = new Map<string, number>();
  /** Of the last list that was applied. */
  revision = 0;

  constructor(
    private readonly options: {
      runner: CameraRunner;
      /** A state changed, or a camera is gone: the API should hear of it at once. */
      onChange: () => void;
      /** The camera runs here no more: its viewers are let go. */
      onStopped: (cameraId: string) => void;
      /** Why no objects are found here. */
      objectFault?: () => string | undefined;
    },
  ) {}

  /** A list replaces the one before: a camera that it lacks is stopped. Older lists are ignored. */
  apply(revision: number, assignments: readonly Assignment[]): void {
    if (revision < this.revision) return;
    this.revision = revision;
    const named = new Set(assignments.map((assignment) => assignment.cameraId));
    for (const cameraId of this.wanted.keys()) if (!named.has(cameraId)) this.stop(cameraId);
    for (const assignment of assignments) this.want(assignment);
  }

  /**
   * While the database is away no handover goes on, and two may pull one camera for a lease only: the standby lets
   * go, and whoever has the camera goes on. The next answer brings it back where it is still wanted.
   */
  settleHandovers(): void {
    for (const assignment of [...this.wanted.values()]) {
      if (assignment.desired === 'running') continue;
      if (assignment.desired === 'standby') this.stop(assignment.cameraId);
      else this.want({ ...assignment, handoverEndsAt: undefined });
      this.forgetRevision();
    }
  }

  /** After a new registration revisions count anew, and the next list is taken whatever it bears. */
  forgetRevision(): void {
    this.revision = 0;
  }

  get cameraIds(): string[] {
    return [...this.wanted.keys()];
  }

  /** Nothing runs here, and no source is still open. */
  get isEmpty(): boolean {
    return this.wanted.size === 0 && this.statuses.size === 0;
  }

  wants(cameraId: string): Assignment | undefined {
    return this.wanted.get(cameraId);
  }

  status(cameraId: string): CameraStatus | undefined {
    return this.statuses.get(cameraId);
  }

  update(status: CameraStatus): void {
    const before = this.statuses.get(status.cameraId);
    if (!before || status.epoch < before.epoch) return;
    const restarts = status.restarts + (this.earlierRestarts.get(status.cameraId) ?? 0);
    this.statuses.set(status.cameraId, { ...status, restarts });
    const isNews =
      before.state !== status.state ||
      before.reason !== status.reason ||
      (before.width === null) !== (status.width === null);
    if (isNews) this.options.onChange();
  }

  /** The child has closed the source. */
  released(cameraId: string): void {
    if (this.wanted.has(cameraId)) return;
    this.earlierRestarts.delete(cameraId);
    if (this.statuses.delete(cameraId)) this.options.onChange();
  }

  /** The process of these cameras is gone, and their sources with it. */
  lost(cameraIds: readonly string[], reason: string): void {
    for (const cameraId of cameraIds) {
      const status = this.statuses.get(cameraId);
      if (!status) continue;
      const restarts = status.restarts + 1;
      this.earlierRestarts.set(cameraId, restarts);
      this.statuses.set(cameraId, { ...status, state: 'reconnecting', fps: 0, reason, restarts });
    }
    this.options.onChange();
  }

  reports({ isLeaseOver = false } = {}): CameraReport[] {
    return [...this.statuses.values()].map(({ lastFrameAtMs, ...status }) => ({
      ...status,
      ...this.faults(status.cameraId),
      ...(isLeaseOver && status.state === 'streaming' ? NOT_STREAMING : {}),
      lastFrameAt: lastFrameAtMs === null ? null : new Date(lastFrameAtMs).toISOString(),
    }));
  }

  private faults(cameraId: string): Pick<CameraReport, 'analysis'> {
    const objects = this.wanted.get(cameraId)?.analysis.objects.enabled && this.options.objectFault?.();
    return objects ? { analysis: { objects } } : {};
  }

  private want(assignment: Assignment): void {
    const { cameraId, epoch } = assignment;
    const before = this.wanted.get(cameraId);
    if (before && JSON.stringify(before) === JSON.stringify(assignment)) return;
    this.wanted.set(cameraId, assignment);
    const known = this.statuses.get(cameraId);
    if (known?.epoch !== epoch) this.earlierRestarts.delete(cameraId);
    this.statuses.set(cameraId, {
      ...(known ?? {
        fps: null,
        width: null,
        height: null,
        codec: null,
        lastFrameAtMs: null,
        restarts: 0,
      }),
      cameraId,
      epoch,
      state: known?.epoch === epoch ? known.state : 'starting',
    });
    this.options.runner.assign(assignment);
  }

  private stop(cameraId: string): void {
    this.wanted.delete(cameraId);
    this.options.runner.unassign(cameraId);
    this.options.onStopped(cameraId);
  }
}
