import { type Change, announce } from '../changes';
import type { IssuedCommand } from '../commands.repository';
import type { Database, Queryable } from '../database';
import { Prisma } from '../generated/client';
import {
  type PlaceableCamera,
  type PlacementCandidate,
  placementCandidates,
  waitingCameras,
} from './candidates';
import {
  asLeader,
  beginEpochs,
  endHeld,
  finishDrains,
  type Held,
  order,
  releaseAll,
  workerStatesBefore,
} from './placing';

/** The policy over these workers: gives each camera a worker's id, or says in plain words why none can take it. */
export type Policy = (
  candidates: readonly PlacementCandidate[],
) => (camera: PlaceableCamera) => { workerId: string } | { reason: string };

export interface LostWorker {
  id: string;
  name: string;
  tenantId: string;
}

/** What no decoder delivers is no cost to plan with. */
const MAX_FPS = 1_000;
const MAX_SIDE_PX = 65_536;

/** Cameras placed in one transaction: deciding over them must not take it beyond its time. */
const BATCH = 10_000;

/**
 * Writes who runs what, handovers aside. Each write is one transaction that holds the leader's row, and changes
 * an epoch only where it is still the one that was read.
 */
export class PlacementRepository {
  constructor(private readonly database: Database) {}

  /** Places every waiting camera that the policy finds a worker for. */
  async placeWaiting(policy: Policy): Promise<IssuedCommand[]> {
    const issued: IssuedCommand[] = [];
    const [anyone] = await waitingCameras(this.database.prisma, 1);
    if (!anyone) return issued;
    for (;;) {
      const batch = await asLeader(this.database, (tx) => this.placeBatch(tx, policy));
      issued.push(...batch);
      if (batch.length < BATCH) return issued;
    }
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
    /** Only while this worker has it in this epoch. */
    holder?: { workerId: string; epoch: number };
  }): Promise<{ changed: boolean; commands: IssuedCommand[] }> {
    const { workerId = null, epoch = null } = change.holder ?? {};
    return asLeader(this.database, async (tx) => {
      const changed = await tx.$executeRaw`
        UPDATE cameras SET desired = ${change.desired}, reason = ${change.reason ?? null}
        WHERE tenant_id = ${change.tenantId} AND id = ${change.cameraId} AND desired <> ${change.desired}
          AND (${epoch}::integer IS NULL OR EXISTS (
            SELECT 1 FROM assignments a
            WHERE a.camera_id = cameras.id AND a.epoch = ${epoch}::integer AND a.worker_id = ${workerId}::text
              AND a.ended_at IS NULL
          ))`;
      if (changed === 0) return { changed: false, commands: [] };
      await announce(tx, [{ kind: 'camera', id: change.cameraId }]);
      if (change.desired === 'running') return { changed: true, commands: [] };
      return {
        changed: true,
        commands: await order(tx, 'UNASSIGN_CAMERA', await endHeld(tx, change.cameraId)),
      };
    });
  }

  /** Ends what runs the camera and deletes it, in one: nobody can start it in between. */
  async deleteCamera(tenantId: string, cameraId: string): Promise<IssuedCommand[]> {
    return asLeader(this.database, async (tx) => {
      const deleted =
        // Its events stay, and are told by its name.
        await tx.$executeRaw`
          WITH gone AS (
            DELETE FROM cameras WHERE tenant_id = ${tenantId} AND id = ${cameraId} RETURNING id, tenant_id, name
          )
          INSERT INTO former_cameras (id, tenant_id, name) SELECT id, tenant_id, name FROM gone`;
      if (deleted === 0) return [];
      await announce(tx, [{ kind: 'camera', id: cameraId }]);
      return order(tx, 'UNASSIGN_CAMERA', await endHeld(tx, cameraId));
    });
  }

  /** Tells whoever runs the camera that its settings changed. */
  async announceSettings(cameraId: string): Promise<IssuedCommand[]> {
    return asLeader(this.database, async (tx) => {
      const held = await tx.$queryRaw<Held[]>`
        SELECT camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch
        FROM assignments WHERE camera_id = ${cameraId} AND ended_at IS NULL`;
      await announce(tx, [{ kind: 'camera', id: cameraId }]);
      return order(tx, 'UPDATE_CAMERA', held);
    });
  }

  /** Takes a worker out of the fleet for good, and its cameras from it. */
  async removeWorker(id: string): Promise<void> {
    await this.retire({ to: 'removed', reason: 'WORKER_REMOVED', who: Prisma.sql`w.id = ${id}` });
  }

  /** These processes are gone, and their cameras wait. Answers who was lost. */
  loseWorkers(gone: readonly { id: string; instanceId: string }[]): Promise<LostWorker[]> {
    const instances = gone.map(({ id, instanceId }) => ({ id, instanceId }));
    return this.lose(Prisma.sql`(w.id, w.instance_id) IN (
      SELECT g.id, g."instanceId"
      FROM jsonb_to_recordset(${JSON.stringify(instances)}::jsonb) AS g (id text, "instanceId" text)
    )`);
  }

  /** Workers whose lease has ended are lost, and their cameras wait. Answers who was lost. */
  async expireLeases(): Promise<LostWorker[]> {
    const [overdue] = await this.database.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM workers
      WHERE state = ANY(${workerStatesBefore('lost')}::text[]) AND lease_until < now() LIMIT 1`;
    return overdue ? this.lose(Prisma.sql`w.lease_until < now()`) : [];
  }

  /** Remembers what each camera takes, of the cameras that stream now: as its own worker sees it, if it can be. */
  async learnCosts(): Promise<void> {
    await this.database.prisma.$executeRaw`
      UPDATE cameras c SET pixels_per_second = seen.pixels
      FROM (
        SELECT r."cameraId" AS id, max(r.width * r.height * r.fps) AS pixels
        FROM workers w
        CROSS JOIN jsonb_to_recordset(w.report) AS r ("cameraId" text, epoch integer, state text,
          width double precision, height double precision, fps double precision)
        JOIN assignments a ON a.camera_id = r."cameraId" AND a.epoch = r.epoch AND a.worker_id = w.id
        WHERE w.state IN ('online', 'draining') AND r.state = 'streaming' AND a.ended_at IS NULL
          AND r.fps > 0 AND r.fps <= ${MAX_FPS}::double precision
          AND r.width BETWEEN 1 AND ${MAX_SIDE_PX}::double precision
          AND r.height BETWEEN 1 AND ${MAX_SIDE_PX}::double precision
        GROUP BY r."cameraId"
      ) seen
      WHERE c.id = seen.id
        AND (c.pixels_per_second IS NULL OR abs(c.pixels_per_second - seen.pixels) > 0.2 * seen.pixels)`;
  }

  private lose(who: Prisma.Sql): Promise<LostWorker[]> {
    return this.retire({ to: 'lost', reason: 'WORKER_LOST', who });
  }

  /** Gives workers a state in which they hold nothing, and takes their cameras, in one. */
  private retire(change: {
    to: 'lost' | 'removed';
    reason: string;
    /** Which rows of `workers w`. */
    who: Prisma.Sql;
  }): Promise<LostWorker[]> {
    return asLeader(this.database, async (tx) => {
      // One that ends before anybody has seen that its drain is done was not lost.
      if (change.to === 'lost') await finishDrains(tx);
      const retired = await tx.$queryRaw<LostWorker[]>`
        UPDATE workers w SET state = ${change.to}, revision = revision + 1
        WHERE ${change.who} AND w.state = ANY(${workerStatesBefore(change.to)}::text[])
        RETURNING w.id, w.name, w.tenant_id AS "tenantId"`;
      if (retired.length > 0)
        await releaseAll(tx, { workerIds: retired.map(({ id }) => id), reason: change.reason });
      return retired;
    });
  }

  private async placeBatch(tx: Queryable, policy: Policy): Promise<IssuedCommand[]> {
    const cameras = await waitingCameras(tx, BATCH);
    const choose = policy(await placementCandidates(tx));
    const placed: Held[] = [];
    const refused: { id: string; reason: string }[] = [];
    for (const camera of cameras) {
      const choice = choose(camera);
      if ('workerId' in choice) {
        const { id: cameraId, tenantId, epoch } = camera;
        placed.push({ cameraId, tenantId, workerId: choice.workerId, epoch: epoch + 1 });
      } else if (choice.reason !== camera.reason) {
        refused.push({ id: camera.id, reason: choice.reason });
      }
    }
    await explainWaiting(tx, refused);
    return beginEpochs(tx, { state: 'assigned', placed });
  }
}

async function explainWaiting(tx: Queryable, refused: { id: string; reason: string }[]): Promise<void> {
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
