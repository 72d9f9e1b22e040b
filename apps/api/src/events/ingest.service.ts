import {
  AssignmentsRepository,
  CamerasRepository,
  type EpochRecord,
  EventsRepository,
  type NewEvent,
} from '@camfleet/database';
import {
  type EventBatch,
  type EventBatchAnswer,
  type EventRejection,
  MAX_SNAPSHOT_BYTES,
  WorkerEvent,
} from '@camfleet/protocol';
import { Inject, Injectable } from '@nestjs/common';
import { AssetStaging, type StagedFile } from '../assets/asset-staging';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { FleetClock } from '../core/fleet-clock';
import { snapshotKey } from './snapshot-key';

/** An event may lie this far ahead of the API's clock: a worker's time is the API's plus a round trip. */
const FUTURE_TOLERANCE_MS = 60_000;

type Rejected = EventBatchAnswer['rejected'][number];

/** Takes events from workers. What is accepted is stored before the answer is given. */
@Injectable()
export class IngestService {
  constructor(
    private readonly events: EventsRepository,
    private readonly assignments: AssignmentsRepository,
    private readonly cameras: CamerasRepository,
    private readonly staging: AssetStaging,
    private readonly metrics: ApiMetrics,
    private readonly clock: FleetClock,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  /** `tenantId` `null`: events of any tenant's cameras. */
  async ingest(tenantId: string | null, batch: EventBatch): Promise<EventBatchAnswer> {
    const rejected: Rejected[] = [];
    const parsed = batch.events.flatMap((raw) => {
      const event = WorkerEvent.safeParse(raw);
      if (event.success) return [event.data];
      const [issue] = event.error.issues;
      const message = issue && [issue.path.join('.'), issue.message].filter(Boolean).join(': ');
      rejected.push({ id: idOf(raw), code: 'VALIDATION_FAILED', message });
      return [];
    });
    const epochs = await this.epochsOf(tenantId, parsed);
    const fresh = await this.withoutKnown(parsed);
    const accepted: { tenantId: string; trackId?: string; event: WorkerEvent; record: EpochRecord }[] = [];
    for (const event of fresh) {
      const record = epochs.get(epochKey(event));
      const code = this.refusal(event, { record, workerId: batch.workerId });
      if (code)
        rejected.push({ id: event.id, code: code === 'STALE_EPOCH' ? await this.explain(event) : code });
      else if (record) accepted.push({ tenantId: record.tenantId, trackId: event.trackId, event, record });
    }
    const erased = await this.events.ofErased(accepted);
    const stored: NewEvent[] = [];
    const snapshots: StagedFile[] = [];
    for (const taken of accepted) {
      const { event, snapshot } = toNewEvent(
        erased.has(taken) ? withoutLooks(taken.event) : taken.event,
        taken.record,
      );
      stored.push(event);
      if (snapshot) snapshots.push(snapshot);
    }
    await this.staging.stage(snapshots);
    const added = await this.events.append(stored);
    this.count(stored, { added, rejected });
    return {
      accepted: added.size,
      duplicates: parsed.length - fresh.length + stored.length - added.size,
      rejected,
    };
  }

  private async epochsOf(
    tenantId: string | null,
    events: readonly WorkerEvent[],
  ): Promise<Map<string, EpochRecord>> {
    const claims = new Map(
      events.map(({ cameraId, epoch }) => [epochKey({ cameraId, epoch }), { cameraId, epoch }]),
    );
    const records = await this.assignments.epochs([...claims.values()]);
    const own = records.filter((record) => tenantId === null || record.tenantId === tenantId);
    return new Map(own.map((record) => [epochKey(record), record]));
  }

  /** Leaves out what is stored already and what the batch itself repeats. */
  private async withoutKnown(events: readonly WorkerEvent[]): Promise<WorkerEvent[]> {
    const known = await this.events.known(events.map(({ id }) => id));
    return events.filter(({ id }) => !known.has(id) && known.add(id));
  }

  private refusal(
    event: WorkerEvent,
    { record, workerId }: { record?: EpochRecord; workerId: string },
  ): EventRejection | undefined {
    const occurredAtMs = Date.parse(event.occurredAt);
    if (occurredAtMs > this.clock.nowMs() + FUTURE_TOLERANCE_MS) return 'FROM_THE_FUTURE';
    if (!record || record.workerId !== workerId) return 'STALE_EPOCH';
    const endedAtMs = record.endedAt?.getTime() ?? Infinity;
    if (occurredAtMs > endedAtMs + this.options.config.leaseTtlMs) return 'STALE_EPOCH';
    if (event.snapshot && Buffer.byteLength(event.snapshot, 'base64') > MAX_SNAPSHOT_BYTES)
      return 'SNAPSHOT_TOO_LARGE';
    return undefined;
  }

  /** A deleted camera has no epoch that an event could come from. */
  private async explain(event: WorkerEvent): Promise<EventRejection> {
    return (await this.cameras.findAny(event.cameraId)) ? 'STALE_EPOCH' : 'CAMERA_NOT_FOUND';
  }

  private count(
    stored: readonly NewEvent[],
    { added, rejected }: { added: Set<string>; rejected: readonly Rejected[] },
  ): void {
    for (const { id, type } of stored) if (added.has(id)) this.metrics.eventsStored.inc({ type });
    for (const { code } of rejected) this.metrics.eventsRejected.inc({ code });
  }
}

/** What is stored of an event, and its picture. */
function toNewEvent(
  { snapshot, embedding, ...fields }: WorkerEvent,
  { tenantId, workerId }: EpochRecord,
): { event: NewEvent; snapshot?: StagedFile } {
  const key = snapshot && snapshotKey({ tenantId, id: fields.id, occurredAt: fields.occurredAt });
  const event = {
    ...fields,
    ...{ tenantId, workerId },
    snapshotKey: key,
    model: embedding?.model,
    modelVersion: embedding?.version,
    embedding: embedding?.vector,
  };
  return { event, ...(key && { snapshot: { key, content: Buffer.from(snapshot, 'base64') } }) };
}

function epochKey({ cameraId, epoch }: { cameraId: string; epoch: number }): string {
  return `${cameraId}/${epoch}`;
}

function idOf(raw: unknown): string {
  return typeof raw === 'object' && raw !== null && 'id' in raw ? String(raw.id).slice(0, 200) : '';
}

/** The person was erased while the worker still saw them, or had it in its outbox. */
function withoutLooks(event: WorkerEvent): WorkerEvent {
  return { ...event, snapshot: undefined, embedding: undefined };
}
