import { WORKER_TRANSITIONS, statesBefore as statesBeforeIn, type WorkerState } from '@camfleet/domain';
import type { Database, Queryable } from './database';
import { type Change, announce } from './changes';
import { type IssuedCommand, type NewCommand, issueCommands } from './commands.repository';

type LabelMap = Record<string, string>;

/** A camera that should run and that nobody runs. */
export interface WaitingCamera {
  id: string;
  tenantId: string;
  epoch: number;
  siteId: string | null;
  require: LabelMap;
  prefer: LabelMap;
  priority: number;
  reason: string | null;
}

/** A worker that may be given cameras. `assigned` counts those that it holds. */
export interface PlacementCandidate {
  id: string;
  tenantId: string;
  siteId: string | null;
  labels: LabelMap;
  capacity: { cameras: number };
  assigned: number;
}

/** The policy: a worker's id, or in plain words why none can take the camera. */
export type Choose = (
  camera: WaitingCamera,
  candidates: readonly PlacementCandidate[],
) => { workerId: string } | { reason: string };

export interface EndedAssignment {
  cameraId: string;
  tenantId: string;
  workerId: string;
  epoch: number;
}

export interface LostWorker {
  id: string;
  tenantId: string;
  instanceId: string;
}

/** Cameras placed in one transaction; the rest is placed in the next. */
const BATCH = 50_000;
const TRANSACTION_TIMEOUT_MS = 10_000;

/**
 * Every write to who runs what. Each is one transaction that holds the leader's row from its first
 * statement, so that two replicas never decide at once, and that changes an epoch only where it is
 * still the one that was read.
 */
export class PlacementRepository {
  constructor(private readonly database: Database) {}

  /** Places every waiting camera that `choose` finds a worker for. */
  async placeWaiting(choose: Choose): Promise<IssuedCommand[]> {
    const anyone = await this.waiting(this.database.prisma, 1);
    if (anyone.length === 0) return [];
    return this.asLeader(async (tx) => {
      const cameras = await this.waiting(tx, BATCH);
      const candidates = await this.candidates(tx);
      const placed: { cameraId: string; tenantId: string; workerId: string; epoch: number }[] = [];
      const refused: { id: string; reason: string }[] = [];
      for (const camera of cameras) {
        const choice = choose(camera, candidates);
        if ('reason' in choice) {
          if (choice.reason !== camera.reason) refused.push({ id: camera.id, reason: choice.reason });
          continue;
        }
        const candidate = candidates.find(({ id }) => id === choice.workerId);
        if (candidate) candidate.assigned += 1;
        placed.push({
          cameraId: camera.id,
          tenantId: camera.tenantId,
          workerId: choice.workerId,
          epoch: camera.epoch + 1,
        });
      }
      await this.explainWaiting(tx, refused);
      return this.assign(tx, placed);
    });
  }

  /**
   * Wants the camera to run or to stop. A stop ends its assignment.
   * `changed` is false when it was wanted so already.
   */
  async setDesired(change: {
    tenantId: string;
    cameraId: string;
    desired: 'running' | 'stopped';
    reason?: string;
    /** Only while the camera is still in this epoch. */
    epoch?: number;
  }): Promise<{ changed: boolean; commands: IssuedCommand[] }> {
    return this.asLeader(async (tx) => {
      const changed = await tx.$executeRaw`
        UPDATE cameras SET desired = ${change.desired}, reason = ${change.reason ?? null}
        WHERE tenant_id = ${change.tenantId} AND id = ${change.cameraId} AND desired <> ${change.desired}
          AND epoch = coalesce(${change.epoch ?? null}::integer, epoch)`;
      if (changed === 0) return { changed: false, commands: [] };
      await announce(tx, [{ kind: 'camera', id: change.cameraId }]);
      if (change.desired === 'running') return { changed: true, commands: [] };
      return {
        changed: true,
        commands: await this.order(tx, 'UNASSIGN_CAMERA', await endHeld(tx, change.cameraId)),
      };
    });
  }

  /** Ends what runs the camera and deletes it, in one: nobody can start it in between. */
  async deleteCamera(tenantId: string, cameraId: string): Promise<IssuedCommand[]> {
    return this.asLeader(async (tx) => {
      const deleted =
        await tx.$executeRaw`DELETE FROM cameras WHERE tenant_id = ${tenantId} AND id = ${cameraId}`;
      if (deleted === 0) return [];
      await announce(tx, [{ kind: 'camera', id: cameraId }]);
      return this.order(tx, 'UNASSIGN_CAMERA', await endHeld(tx, cameraId));
    });
  }

  /** Tells whoever runs the camera that its settings changed. */
  async announceSettings(cameraId: string): Promise<IssuedCommand[]> {
    return this.asLeader(async (tx) => {
      const held = await tx.$queryRaw<EndedAssignment[]>`
        SELECT camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch
        FROM assignments WHERE camera_id = ${cameraId} AND ended_at IS NULL`;
      await announce(tx, [{ kind: 'camera', id: cameraId }]);
      return this.order(tx, 'UPDATE_CAMERA', held);
    });
  }

  /**
   * Gives a worker a state in which it holds nothing, and takes its cameras, in one.
   * Answers `false` when it is not in a state that may become this one, or is another instance.
   */
  async retireWorker(
    workerId: string,
    change: { to: 'lost' | 'removed' | 'draining'; reason: string; instanceId?: string },
  ): Promise<boolean> {
    return this.asLeader(async (tx) => {
      const retired = await tx.$executeRaw`
        UPDATE workers SET state = ${change.to}, revision = revision + 1
        WHERE id = ${workerId} AND state = ANY(${statesBefore(change.to)}::text[])
          AND instance_id = coalesce(${change.instanceId ?? null}::text, instance_id)`;
      if (retired === 0) return false;
      await releaseAll(tx, { workerId, reason: change.reason });
      return true;
    });
  }

  /** Workers whose lease has ended are lost, and their cameras wait. Answers who was lost. */
  async expireLeases(): Promise<LostWorker[]> {
    const [overdue] = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM workers WHERE state = ANY(${statesBefore('lost')}::text[]) AND lease_until < now() LIMIT 1`;
    if (!overdue) return [];
    return this.asLeader(async (tx) => {
      const lost = await tx.$queryRaw<LostWorker[]>`
        UPDATE workers SET state = 'lost', revision = revision + 1
        WHERE state = ANY(${statesBefore('lost')}::text[]) AND lease_until < now()
        RETURNING id, tenant_id AS "tenantId", instance_id AS "instanceId"`;
      for (const worker of lost) await releaseAll(tx, { workerId: worker.id, reason: 'WORKER_LOST' });
      return lost;
    });
  }

  private async waiting(tx: Queryable, limit: number): Promise<WaitingCamera[]> {
    return tx.$queryRaw<WaitingCamera[]>`
      SELECT c.id, c.tenant_id AS "tenantId", c.epoch, c.site_id AS "siteId", c.require, c.prefer, c.priority, c.reason
      FROM cameras c
      WHERE c.desired = 'running' AND NOT EXISTS (
        SELECT 1 FROM assignments a WHERE a.camera_id = c.id AND a.state IN ('assigned', 'running')
      )
      ORDER BY c.priority DESC, c.id LIMIT ${limit}`;
  }

  private async candidates(tx: Queryable): Promise<PlacementCandidate[]> {
    return tx.$queryRaw<PlacementCandidate[]>`
      SELECT w.id, w.tenant_id AS "tenantId", w.site_id AS "siteId", w.labels, w.capacity,
        count(a.camera_id)::integer AS assigned
      FROM workers w LEFT JOIN assignments a ON a.worker_id = w.id AND a.ended_at IS NULL
      WHERE w.state = 'online' AND w.lease_until > now()
      GROUP BY w.id ORDER BY w.id`;
  }

  private async explainWaiting(tx: Queryable, refused: { id: string; reason: string }[]): Promise<void> {
    if (refused.length === 0) return;
    await tx.$executeRaw`
      UPDATE cameras SET reason = r.reason
      FROM jsonb_to_recordset(${JSON.stringify(refused)}::jsonb) AS r (id text, reason text)
      WHERE cameras.id = r.id`;
    await announce(
      tx,
      refused.map(({ id }): Change => ({ kind: 'camera', id })),
    );
  }

  private async assign(tx: Queryable, placed: EndedAssignment[]): Promise<IssuedCommand[]> {
    if (placed.length === 0) return [];
    const taken = await tx.$queryRaw<EndedAssignment[]>`
      WITH wanted AS (
        SELECT * FROM jsonb_to_recordset(${JSON.stringify(placed)}::jsonb)
          AS p ("cameraId" text, "tenantId" text, "workerId" text, epoch integer)
      ), moved AS (
        UPDATE cameras SET epoch = wanted.epoch, reason = NULL
        FROM wanted WHERE cameras.id = wanted."cameraId" AND cameras.epoch = wanted.epoch - 1
        RETURNING wanted.*
      )
      INSERT INTO assignments (camera_id, tenant_id, worker_id, epoch, state)
      SELECT "cameraId", "tenantId", "workerId", epoch, 'assigned' FROM moved
      RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
    await announce(
      tx,
      taken.map(({ cameraId }): Change => ({ kind: 'camera', id: cameraId })),
    );
    return this.order(tx, 'ASSIGN_CAMERA', taken);
  }

  /** Raises the revision of each worker concerned and writes it a command for each camera. */
  private async order(
    tx: Queryable,
    type: NewCommand['type'],
    assignments: readonly EndedAssignment[],
  ): Promise<IssuedCommand[]> {
    if (assignments.length === 0) return [];
    const workerIds = [...new Set(assignments.map(({ workerId }) => workerId))];
    const revisions = await tx.$queryRaw<{ id: string; revision: number }[]>`
      UPDATE workers SET revision = revision + 1 WHERE id = ANY(${workerIds}::text[]) RETURNING id, revision`;
    await announce(
      tx,
      workerIds.map((id): Change => ({ kind: 'worker', id })),
    );
    const revisionOf = new Map(revisions.map(({ id, revision }) => [id, revision]));
    return issueCommands(
      tx,
      assignments.map((assignment) => ({
        ...assignment,
        type,
        revision: revisionOf.get(assignment.workerId) ?? 0,
      })),
    );
  }

  private asLeader<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.database.prisma.$transaction(
      async (tx) => {
        await tx.$queryRaw`SELECT id FROM placement_leader FOR UPDATE`;
        return work(tx);
      },
      { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS },
    );
  }
}

/** The states of a worker that may become this one. */
function statesBefore(state: WorkerState): WorkerState[] {
  return statesBeforeIn(WORKER_TRANSITIONS, state);
}

async function endHeld(tx: Queryable, cameraId: string): Promise<EndedAssignment[]> {
  return tx.$queryRaw<EndedAssignment[]>`
    UPDATE assignments SET state = 'released', ended_at = now()
    WHERE camera_id = ${cameraId} AND ended_at IS NULL
    RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
}

/** Ends what a worker holds, in the caller's transaction. */
export async function releaseAll(
  tx: Queryable,
  { workerId, reason }: { workerId: string; reason: string },
): Promise<EndedAssignment[]> {
  const ended = await tx.$queryRaw<EndedAssignment[]>`
    UPDATE assignments SET state = 'released', reason = ${reason}, ended_at = now()
    WHERE worker_id = ${workerId} AND ended_at IS NULL
    RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
  await announce(tx, [
    { kind: 'worker', id: workerId },
    ...ended.map(({ cameraId }): Change => ({ kind: 'camera', id: cameraId })),
  ]);
  return ended;
}
