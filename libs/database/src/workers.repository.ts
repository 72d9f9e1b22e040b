import { WORKER_TRANSITIONS, statesBefore, type WorkerState } from '@camfleet/domain';
import type { CameraReport, RegisterRequest } from '@camfleet/protocol';
import { type Change, announce } from './changes';
import type { Database } from './database';
import type { Worker as WorkerRow } from './generated/client';
import { asLeader, releaseAll } from './placement/placing';

export type { WorkerRow };

/** A camera that a worker should run, as it is stored. */
export interface HeldCamera {
  workerId: string;
  cameraId: string;
  epoch: number;
  state: string;
  /** Since when two workers may pull it; `null`: no handover, or the viewers have been switched. */
  handoverBeganAt: Date | null;
  sourceUrl: string;
  sourceSealedUrl: string | null;
  sourceUsername: string | null;
  sourcePassword: string | null;
  sourceOptions: unknown;
  analysis: unknown;
  zones: unknown;
  output: unknown;
}

export type WorkerStanding = Pick<
  WorkerRow,
  'id' | 'tenantId' | 'instanceId' | 'publicUrl' | 'state' | 'secret' | 'analyses'
>;

/** A registration ready to be stored: `secret` encrypted. */
export type Registration = RegisterRequest & { secret: string };

/** What a heartbeat changes beside its worker's row. */
export interface ConfirmedReport {
  workerId: string;
  streaming: readonly Pick<CameraReport, 'cameraId' | 'epoch'>[];
  changed: readonly Change[];
}

/** The registry of workers, and what their heartbeats tell. */
export class WorkersRepository {
  constructor(private readonly database: Database) {}

  private get workers() {
    return this.database.prisma.worker;
  }

  findAny(id: string): Promise<WorkerRow | null> {
    return this.workers.findUnique({ where: { id } });
  }

  find(tenantId: string, id: string): Promise<WorkerRow | null> {
    return this.workers.findFirst({ where: { tenantId, id } });
  }

  list(tenantId: string): Promise<WorkerRow[]> {
    return this.workers.findMany({
      where: { tenantId, state: { not: 'removed' } },
      orderBy: [{ registeredAt: 'asc' }, { id: 'asc' }],
    });
  }

  /** What the object detectors of a tenant's workers find, as far as they say so. */
  async objectLabels(tenantId: string): Promise<string[]> {
    const rows = await this.database.prisma.$queryRaw<{ label: string }[]>`
      SELECT DISTINCT l.label FROM workers w, jsonb_array_elements(w.models) m,
        jsonb_array_elements_text(coalesce(m->'labels', '[]')) l(label)
      WHERE w.tenant_id = ${tenantId} AND w.state <> 'removed' ORDER BY 1`;
    return rows.map(({ label }) => label);
  }

  /**
   * Those that can be asked for a probe or an embedding at `nowMs`, the fleet's time; those that have `model` first, then
   * heard of last, first.
   */
  async findServing(
    tenantId: string,
    { nowMs, model }: { nowMs: number; model?: { name: string; version: string } | undefined },
  ): Promise<WorkerRow[]> {
    const serving = await this.workers.findMany({
      where: {
        tenantId,
        state: { in: ['online', 'draining', 'drained'] },
        leaseUntil: { gt: new Date(nowMs) },
      },
      orderBy: { lastHeartbeatAt: 'desc' },
    });
    if (!model) return serving;
    const has = new Set(serving.filter(({ models }) => includesModel(models, model)));
    return [...has, ...serving.filter((worker) => !has.has(worker))];
  }

  /** Of each id, who registered under it and where; ids that nobody did under are left out. */
  async standing(ids: readonly string[]): Promise<Map<string, WorkerStanding>> {
    const rows = await this.workers.findMany({
      where: { id: { in: [...ids] } },
      select: {
        id: true,
        tenantId: true,
        instanceId: true,
        publicUrl: true,
        state: true,
        secret: true,
        analyses: true,
      },
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Writes registrations of different workers; another instance under the same id ends what the old one held. */
  async register(registrations: readonly Registration[], leaseTtlMs: number): Promise<void> {
    const instances = registrations.map(({ workerId, instanceId }) => ({ workerId, instanceId }));
    await asLeader(this.database, async (tx) => {
      const replaced = await tx.$queryRaw<{ id: string }[]>`
        SELECT w.id FROM workers w
        JOIN jsonb_to_recordset(${JSON.stringify(instances)}::jsonb) AS r ("workerId" text, "instanceId" text)
          ON r."workerId" = w.id AND r."instanceId" <> w.instance_id`;
      if (replaced.length > 0)
        await releaseAll(tx, { workerIds: replaced.map(({ id }) => id), reason: 'WORKER_RESTARTED' });
      // The first heartbeat has one lease to come.
      await tx.$executeRaw`
        INSERT INTO workers AS w (id, tenant_id, instance_id, name, site_id, public_url, labels, capacity, models,
          analyses, hardware, version, state, secret, lease_until)
        SELECT r."workerId", r."tenantId", r."instanceId", r.name, r."siteId", r."publicUrl", r.labels, r.capacity,
          r.models, r.analyses, r.hardware, r.version, 'registered', r.secret,
          now() + ${leaseTtlMs} * interval '1 millisecond'
        FROM jsonb_to_recordset(${JSON.stringify(registrations)}::jsonb) AS r (
          "workerId" text, "tenantId" text, "instanceId" text, name text, "siteId" text, "publicUrl" text,
          labels jsonb, capacity jsonb, models jsonb, analyses text[], hardware jsonb, version text, secret text
        )
        ON CONFLICT (id) DO UPDATE SET
          tenant_id = excluded.tenant_id, instance_id = excluded.instance_id, name = excluded.name,
          site_id = excluded.site_id, public_url = excluded.public_url, labels = excluded.labels,
          capacity = excluded.capacity, models = excluded.models, analyses = excluded.analyses,
          hardware = excluded.hardware, version = excluded.version, state = excluded.state,
          secret = excluded.secret, lease_until = excluded.lease_until,
          report = '[]', report_digest = NULL, revision = w.revision + 1`;
      await announce(
        tx,
        registrations.map(({ workerId }): Change => ({ kind: 'worker', id: workerId })),
      );
    });
  }

  /** After a failover that lost commits a worker knows a newer revision than its row: raised above it. Answers it. */
  async overtakeRevision(id: string, known: number): Promise<number> {
    const [row] = await this.database.prisma.$queryRaw<{ revision: number }[]>`
      UPDATE workers SET revision = greatest(revision, ${known}::integer) + 1 WHERE id = ${id} RETURNING revision`;
    return row?.revision ?? known;
  }

  /** Everything that these workers should run. */
  async held(workerIds: readonly string[]): Promise<HeldCamera[]> {
    return this.database.prisma.$queryRaw<HeldCamera[]>`
      SELECT a.worker_id AS "workerId", a.camera_id AS "cameraId", a.epoch, a.state, c.source_url AS "sourceUrl",
        c.source_sealed_url AS "sourceSealedUrl",
        c.source_username AS "sourceUsername", c.source_password AS "sourcePassword",
        c.source_options AS "sourceOptions", c.analysis, c.zones, c.output,
        CASE WHEN a.state IN ('standby', 'releasing') THEN (
          SELECT min(s.created_at) FROM assignments s JOIN assignments o ON o.camera_id = s.camera_id
          WHERE s.camera_id = a.camera_id AND s.state = 'standby' AND o.state = 'releasing'
        ) END AS "handoverBeganAt"
      FROM assignments a JOIN cameras c ON c.id = a.camera_id
      WHERE a.worker_id = ANY(${[...workerIds]}::text[]) AND a.ended_at IS NULL ORDER BY a.camera_id`;
  }

  /**
   * `assigned → running` for the epochs that stream. Tells the replicas what changed. A row that somebody else
   * is changing stays: the next heartbeat finds it unconfirmed.
   */
  async applyReports(reports: readonly ConfirmedReport[]): Promise<void> {
    const streaming = reports.flatMap(({ workerId, streaming }) =>
      streaming.map(({ cameraId, epoch }) => ({ workerId, cameraId, epoch })),
    );
    if (streaming.length > 0) {
      await this.database.prisma.$executeRaw`
        UPDATE assignments a SET state = 'running' FROM (
          SELECT b.camera_id, b.epoch FROM assignments b
          JOIN jsonb_to_recordset(${JSON.stringify(streaming)}::jsonb)
            AS r ("workerId" text, "cameraId" text, epoch integer)
            ON b.camera_id = r."cameraId" AND b.epoch = r.epoch AND b.worker_id = r."workerId"
          WHERE b.state = 'assigned' FOR UPDATE OF b SKIP LOCKED
        ) seen WHERE a.camera_id = seen.camera_id AND a.epoch = seen.epoch`;
    }
    await announce(
      this.database.prisma,
      reports.flatMap(({ changed }) => changed),
    );
  }

  /** Begins a drain where the table of states allows it. `hold`: also of whoever comes under this id later. */
  async drain(id: string, { hold }: { hold: boolean }): Promise<void> {
    if (hold) await this.workers.updateMany({ where: { id }, data: { drainWanted: true } });
    await this.setState(id, { from: statesBefore(WORKER_TRANSITIONS, 'draining'), to: 'draining' });
  }

  /** Takes any drain back. */
  async resume(id: string): Promise<void> {
    await this.workers.updateMany({ where: { id }, data: { drainWanted: false } });
    await this.setState(id, { from: ['draining', 'drained'], to: 'online' });
  }

  private async setState(id: string, { from, to }: { from: WorkerState[]; to: WorkerState }): Promise<void> {
    await this.workers.updateMany({
      where: { id, state: { in: from } },
      data: { state: to, revision: { increment: 1 } },
    });
    await announce(this.database.prisma, [{ kind: 'worker', id }]);
  }

  /** `online → suspect` for workers that missed their heartbeats but still hold their lease. */
  async suspectSilent(silentMs: number): Promise<void> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      UPDATE workers SET state = 'suspect' WHERE id IN (
        SELECT id FROM workers
        WHERE state = 'online' AND last_heartbeat_at < now() - ${silentMs} * interval '1 millisecond'
        FOR UPDATE SKIP LOCKED
      )
      RETURNING id`;
    await announce(
      this.database.prisma,
      rows.map(({ id }): Change => ({ kind: 'worker', id })),
    );
  }
}

function includesModel(models: unknown, { name, version }: { name: string; version: string }): boolean {
  return (
    Array.isArray(models) &&
    models.some(
      (model: Partial<Record<string, unknown>> | null) => model?.name === name && model.version === version,
    )
  );
}
