import { WORKER_TRANSITIONS, statesBefore, type WorkerState } from '@camfleet/domain';
import type { CameraReport, HeartbeatRequest, RegisterRequest } from '@camfleet/protocol';
import { type Change, announce } from './changes';
import type { Database } from './database';
import type { Worker as WorkerRow } from './generated/client';
import { toJson } from './json';
import { releaseAll } from './placement/placing';

export type { WorkerRow };

export interface HeartbeatOutcome {
  tenantId: string;
  state: string;
  previousState: string;
  revision: number;
  /** What the heartbeat before this one reported. */
  previousReport: CameraReport[];
  openCommands: number;
  /** Assignments that no heartbeat has reported as streaming yet. */
  unconfirmed: number;
}

/** A camera that a worker should run, as it is stored. */
export interface HeldCamera {
  cameraId: string;
  epoch: number;
  state: string;
  sourceUrl: string;
  sourceSealedUrl: string | null;
  sourceUsername: string | null;
  sourcePassword: string | null;
  sourceOptions: unknown;
  analysis: unknown;
  zones: unknown;
  output: unknown;
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

  /** One that can be asked for a probe or an embedding now, the least busy first. */
  findServing(tenantId: string): Promise<WorkerRow[]> {
    return this.workers.findMany({
      where: { tenantId, state: { in: ['online', 'draining', 'drained'] }, leaseUntil: { gt: new Date() } },
      orderBy: { lastHeartbeatAt: 'desc' },
    });
  }

  /** Writes the registration; another instance under the same id ends what the old one held. */
  async register(
    request: RegisterRequest,
    { secret, leaseTtlMs }: { secret: string; leaseTtlMs: number },
  ): Promise<void> {
    const described = {
      tenantId: request.tenantId,
      instanceId: request.instanceId,
      name: request.name,
      siteId: request.siteId ?? null,
      publicUrl: request.publicUrl,
      labels: request.labels,
      capacity: request.capacity,
      models: request.models,
      analyses: request.analyses,
      hardware: request.hardware ? toJson(request.hardware) : undefined,
      version: request.version,
      state: 'registered',
      secret,
      report: [],
    };
    await this.database.prisma.$transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM placement_leader FOR UPDATE`;
      const known = await tx.worker.findUnique({
        where: { id: request.workerId },
        select: { instanceId: true },
      });
      if (known && known.instanceId !== request.instanceId)
        await releaseAll(tx, { workerIds: [request.workerId], reason: 'WORKER_RESTARTED' });
      await tx.worker.upsert({
        where: { id: request.workerId },
        create: { ...described, id: request.workerId },
        update: { ...described, revision: { increment: 1 } },
      });
      // The first heartbeat has this long to come.
      await tx.$executeRaw`
        UPDATE workers SET lease_until = now() + ${leaseTtlMs} * interval '1 millisecond' WHERE id = ${request.workerId}`;
      await announce(tx, [{ kind: 'worker', id: request.workerId }]);
    });
  }

  /**
   * Renews the lease and stores the report, in one statement.
   * `null` when this instance is not (or no longer) the registered one.
   */
  async heartbeat(
    workerId: string,
    beat: HeartbeatRequest,
    { leaseTtlMs, tenantId }: { leaseTtlMs: number; tenantId: string | null },
  ): Promise<HeartbeatOutcome | null> {
    const rows = await this.database.prisma.$queryRaw<HeartbeatOutcome[]>`
      UPDATE workers w SET
        last_heartbeat_at = now(),
        lease_until = now() + ${leaseTtlMs} * interval '1 millisecond',
        load = ${JSON.stringify(beat.load)}::jsonb,
        outbox = ${JSON.stringify(beat.outbox)}::jsonb,
        report = ${JSON.stringify(beat.cameras)}::jsonb,
        state = CASE WHEN w.state IN ('registered', 'suspect') THEN 'online' ELSE w.state END
      FROM (SELECT id, state, report FROM workers WHERE id = ${workerId} FOR UPDATE) old
      WHERE w.id = old.id AND w.instance_id = ${beat.instanceId} AND w.state NOT IN ('lost', 'removed')
        AND w.tenant_id = coalesce(${tenantId}::text, w.tenant_id)
      RETURNING w.tenant_id AS "tenantId", w.state, old.state AS "previousState", w.revision,
        old.report AS "previousReport",
        (SELECT count(*)::integer FROM commands c WHERE c.worker_id = w.id AND c.finished_at IS NULL) AS "openCommands",
        (SELECT count(*)::integer FROM assignments a WHERE a.worker_id = w.id AND a.state = 'assigned') AS "unconfirmed"`;
    return rows[0] ?? null;
  }

  /** Everything that the worker should run. */
  held(workerId: string): Promise<HeldCamera[]> {
    return this.database.prisma.$queryRaw<HeldCamera[]>`
      SELECT a.camera_id AS "cameraId", a.epoch, a.state, c.source_url AS "sourceUrl",
        c.source_sealed_url AS "sourceSealedUrl",
        c.source_username AS "sourceUsername", c.source_password AS "sourcePassword",
        c.source_options AS "sourceOptions", c.analysis, c.zones, c.output
      FROM assignments a JOIN cameras c ON c.id = a.camera_id
      WHERE a.worker_id = ${workerId} AND a.ended_at IS NULL ORDER BY a.camera_id`;
  }

  /** `assigned → running` for the epochs that stream. Tells the replicas which cameras changed. */
  async applyReport(
    workerId: string,
    { streaming, changed }: { streaming: readonly CameraReport[]; changed: readonly Change[] },
  ): Promise<void> {
    if (streaming.length > 0) {
      await this.database.prisma.$executeRaw`
        UPDATE assignments a SET state = 'running'
        FROM jsonb_to_recordset(${JSON.stringify(streaming)}::jsonb) AS r ("cameraId" text, epoch integer)
        WHERE a.camera_id = r."cameraId" AND a.epoch = r.epoch AND a.worker_id = ${workerId} AND a.state = 'assigned'`;
    }
    await announce(this.database.prisma, changed);
  }

  /** Changes the state where the table of states allows it. Answers whether it did. */
  async setState(id: string, to: WorkerState): Promise<boolean> {
    const { count } = await this.workers.updateMany({
      where: { id, state: { in: statesBefore(WORKER_TRANSITIONS, to) } },
      data: { state: to, revision: { increment: 1 } },
    });
    if (count > 0) await announce(this.database.prisma, [{ kind: 'worker', id }]);
    return count > 0;
  }

  /** `online → suspect` for workers that missed their heartbeats but still hold their lease. */
  async suspectSilent(silentMs: number): Promise<void> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      UPDATE workers SET state = 'suspect'
      WHERE state = 'online' AND last_heartbeat_at < now() - ${silentMs} * interval '1 millisecond'
      RETURNING id`;
    await announce(
      this.database.prisma,
      rows.map(({ id }): Change => ({ kind: 'worker', id })),
    );
  }
}
