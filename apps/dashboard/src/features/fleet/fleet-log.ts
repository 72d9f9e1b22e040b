import type { Camera, EventView, MoveView, WorkerView } from '@camfleet/protocol';
import { Signal } from '../../api/signal';

export type WorkerHappening =
  'joined' | 'suspect' | 'back' | 'lost' | 'draining' | 'drained' | 'resumed' | 'removed';

export interface WorkerChange {
  kind: 'worker';
  key: string;
  /** Unix ms. */
  at: number;
  workerId: string;
  happening: WorkerHappening;
  /** The server's own words. */
  reason?: string;
}

export interface CameraMove {
  kind: 'move';
  key: string;
  /** Unix ms: when its worker was gone, or when it was with the next one. */
  at: number;
  cameraId: string;
  cameraName: string;
  /** Workers; `to` is null while the camera waits for one. */
  from: string;
  to: string | null;
  /** From `at` until the next worker streamed; 0 when it was handed over without a gap. */
  liveAfterMs?: number;
  /** From the record, which does not know when its picture was back. */
  recorded?: true;
}

export type FleetChange = WorkerChange | CameraMove;

/** Changes kept; the oldest are dropped. */
export const MAX_CHANGES = 200;

/** Where a camera was when it was last heard of. */
interface Place {
  epoch: number;
  workerId: string;
  /** The move that has not ended in a picture yet. */
  open?: string;
}

/** What happened to workers and cameras while the page was open, newest first, told by differences. */
export class FleetLog {
  readonly changes = new Signal<readonly FleetChange[]>([]);
  private readonly workers = new Map<string, { name: string; state: WorkerView['state'] }>();
  private readonly places = new Map<string, Place>();
  /** Of workers that the record tells of; they may have been removed since. */
  private readonly names = new Map<string, string>();

  constructor(private readonly now: () => number = Date.now) {}

  /** Lists that were read: what is new here is the ground that differences are told from, never news. */
  baseline({ cameras, workers }: { cameras: readonly Camera[]; workers: readonly WorkerView[] }): void {
    for (const { id, name, state } of workers)
      if (!this.workers.has(id)) this.workers.set(id, { name, state });
    for (const { id, stream } of cameras)
      if (!this.places.has(id) && stream.workerId !== null)
        this.places.set(id, { epoch: stream.epoch, workerId: stream.workerId });
  }

  /** Changes were missed: the next lists are the ground again. */
  forget(): void {
    this.workers.clear();
    this.places.clear();
  }

  /** The name that a worker had when it was last heard of; it may have been removed since. */
  nameOf(workerId: string): string | undefined {
    return this.workers.get(workerId)?.name ?? this.names.get(workerId);
  }

  /** `worker.lost` and `worker.online`, live or from the record; each once. */
  event({ id, type, workerId, occurredAt, data }: EventView): void {
    if (workerId === undefined || (type !== 'worker.lost' && type !== 'worker.online')) return;
    if (this.changes.get().some(({ key }) => key === id)) return;
    const { reason } = data;
    this.add({
      kind: 'worker',
      key: id,
      at: Date.parse(occurredAt),
      workerId,
      happening: type === 'worker.lost' ? 'lost' : 'joined',
      ...(typeof reason === 'string' && { reason }),
    });
  }

  /** A move from the record; one that was seen happening is known better. */
  move({ cameraId, cameraName, epoch, workerId, workerName, endedAt, next }: MoveView): void {
    this.names.set(workerId, workerName);
    if (next) this.names.set(next.workerId, next.workerName);
    const key = moveKey(cameraId, epoch);
    if (this.changes.get().some((change) => change.key === key && !isRecorded(change))) return;
    const handedOver = next !== undefined && next.workerId !== workerId && next.createdAt < endedAt;
    this.add({
      kind: 'move',
      key,
      at: Date.parse(endedAt),
      cameraId,
      cameraName,
      from: workerId,
      to: next?.workerId ?? null,
      ...(handedOver && { liveAfterMs: 0 }),
      recorded: true,
    });
  }

  worker(workerId: string, worker: WorkerView | null): void {
    const known = this.workers.get(workerId);
    if (worker) this.workers.set(workerId, { name: worker.name, state: worker.state });
    if (!known) return;
    const happening = happeningOf(known.state, worker?.state ?? 'removed');
    // A removed one is told once; its name stays known for what was told before.
    if (!worker) this.workers.set(workerId, { ...known, state: 'removed' });
    if (!happening) return;
    const at = this.now();
    this.add({ kind: 'worker', key: `${workerId}:${happening}:${at}`, at, workerId, happening });
  }

  camera(cameraId: string, camera: Camera | null): void {
    const known = this.places.get(cameraId);
    if (!camera || camera.stream.desired === 'stopped') {
      this.places.delete(cameraId);
      return;
    }
    const { epoch, workerId, state } = camera.stream;
    if (!known) {
      if (workerId !== null) this.places.set(cameraId, { epoch, workerId });
      return;
    }
    if (epoch < known.epoch) return;
    const live = state === 'streaming';
    if (known.open !== undefined) this.continueMove(known, { cameraId, epoch, workerId, live });
    else if (workerId === null || epoch !== known.epoch) this.beginMove(known, camera);
  }

  private beginMove(known: Place, { id: cameraId, name: cameraName, stream }: Camera): void {
    const key = moveKey(cameraId, known.epoch);
    const live = stream.workerId !== null && stream.state === 'streaming';
    this.places.set(cameraId, {
      epoch: stream.epoch,
      workerId: stream.workerId ?? known.workerId,
      ...(!live && { open: key }),
    });
    this.add({
      kind: 'move',
      key,
      at: this.now(),
      cameraId,
      cameraName,
      from: known.workerId,
      to: stream.workerId,
      ...(live && { liveAfterMs: 0 }),
    });
  }

  private continueMove(
    known: Place,
    now: { cameraId: string; epoch: number; workerId: string | null; live: boolean },
  ): void {
    const { cameraId, epoch, workerId } = now;
    const ended = workerId !== null && now.live;
    this.places.set(cameraId, {
      epoch,
      workerId: workerId ?? known.workerId,
      ...(!ended && { open: known.open }),
    });
    this.changes.set(
      this.changes
        .get()
        .map((change) =>
          change.kind === 'move' && change.key === known.open
            ? { ...change, to: workerId, ...(ended && { liveAfterMs: this.now() - change.at }) }
            : change,
        ),
    );
  }

  private add(change: FleetChange): void {
    const others = this.changes.get().filter(({ key }) => key !== change.key);
    const next = [change, ...others].sort((a, b) => b.at - a.at);
    this.changes.set(next.slice(0, MAX_CHANGES));
  }
}

const moveKey = (cameraId: string, epoch: number) => `move:${cameraId}:${epoch}`;
const isRecorded = (change: FleetChange) => change.kind === 'move' && change.recorded === true;

/** Losses and arrivals are told by their events, which the server keeps. */
function happeningOf(from: WorkerView['state'], to: WorkerView['state']): WorkerHappening | undefined {
  if (from === to) return undefined;
  if (to === 'suspect' || to === 'draining' || to === 'drained' || to === 'removed') return to;
  if (to !== 'online') return undefined;
  if (from === 'suspect') return 'back';
  return from === 'draining' || from === 'drained' ? 'resumed' : undefined;
}
