import { WORKER_TRANSITIONS, statesBefore, type WorkerState } from '@camfleet/domain';
import type { CameraReport, RegisterRequest } from '@camfleet/protocol';
import { type Change, announce } from './changes';
import type { Database } from './database';
import type { Worker as WorkerRow } from './generated/client';
import { toJson } from './json';
import { releaseAll } from './placement/placing';

export type { WorkerRow };

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
      reportDigest: null,
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
