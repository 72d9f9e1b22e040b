import type { IssuedCommand } from '../commands.repository';
import type { Database, Queryable } from '../database';
import {
  type LeavingCamera,
  leavingCameras,
  type PlacementCandidate,
  placementCandidates,
} from './candidates';
import { asLeader, beginEpochs, finishDrains, type Held, order } from './placing';

/** A camera that leaves its worker, and the worker that takes it. */
export interface Move {
  camera: LeavingCamera;
  to: string;
}

export interface MovePlan {
  reason: 'WORKER_DRAINED' | 'REBALANCED';
  /** Whose cameras may leave; undefined: nobody's. */
  from(
    candidates: readonly PlacementCandidate[],
  ): { workerState: 'draining' } | { workerId: string } | undefined;
  choose(leaving: readonly LeavingCamera[], candidates: readonly PlacementCandidate[]): Move[];
}

/**
 * A standby without a frame is cancelled after this share of a lease: both workers hear of it before one of them
 * would close the camera by itself, at `HANDOVER_SHARE_OF_LEASE`.
 */
const FRAME_SHARE_OF_LEASE = 0.6;
/** Two workers pull one camera for so long at most, whatever happens to them and to the network between. */
export const HANDOVER_SHARE_OF_LEASE = 0.9;

/** Cameras that leave one worker at the same time: each is pulled twice meanwhile. */
const MOVES_AT_ONCE = 4;

/** Moves cameras between workers without a gap. Every step depends on rows alone: docs/decisions/0006. */
export class HandoverRepository {
  constructor(private readonly database: Database) {}

  /** Whether anything moves, or has to. */
  async isUnderWay(): Promise<{ moving: boolean; draining: boolean }> {
    const [row] = await this.database.prisma.$queryRaw<{ moving: boolean; draining: boolean }[]>`
      SELECT EXISTS (SELECT 1 FROM assignments WHERE state IN ('standby', 'releasing')) AS moving,
        EXISTS (SELECT 1 FROM workers WHERE state = 'draining') AS draining`;
    return row ?? { moving: false, draining: false };
  }

  /** Takes every move under way as far as the workers' reports allow. */
  async advance({ leaseTtlMs }: { leaseTtlMs: number }): Promise<IssuedCommand[]> {
    return asLeader(this.database, async (tx) => {
      const switched = await switchFeeds(tx);
      const late = await cancelLate(tx, leaseTtlMs * FRAME_SHARE_OF_LEASE);
      return [
        ...(await order(tx, 'UNASSIGN_CAMERA', [...switched, ...late])),
        ...(await order(tx, 'UPDATE_CAMERA', await keepUnmoved(tx))),
        ...(await order(tx, 'UPDATE_CAMERA', await takeOver(tx))),
        // They wait for the old worker to let go, and need not fear the handover's end any more.
        ...(await order(tx, 'UPDATE_CAMERA', await standbysOf(tx, switched))),
      ];
    });
  }

  /** Begins the moves of the plan, as many as may be under way at once. */
  async begin({ reason, from, choose }: MovePlan): Promise<IssuedCommand[]> {
    return asLeader(this.database, async (tx) => {
      const candidates = await placementCandidates(tx);
      const source = from(candidates);
      if (!source) return [];
      const leaving = await leavingCameras(tx, source);
      const moves = await withinBounds(tx, choose(leaving, candidates));
      const seamless = moves.filter(({ camera }) => camera.isStreaming && !camera.isExclusive);
      // Nobody would miss a picture, or the source lets nobody else in before it is let go.
      const abrupt = moves.filter((move) => !seamless.includes(move));
      await leave(tx, { state: 'releasing', reason, moves: seamless });
      const released = await leave(tx, { state: 'released', reason, moves: abrupt });
      const replaced = abrupt.filter(({ camera }) => !camera.isExclusive);
      return [
        ...(await order(tx, 'UNASSIGN_CAMERA', released)),
        ...(await beginEpochs(tx, { state: 'standby', placed: seamless.map(nextEpoch) })),
        ...(await beginEpochs(tx, { state: 'assigned', placed: replaced.map(nextEpoch) })),
      ];
    });
  }

  finishDrains(): Promise<void> {
    return finishDrains(this.database.prisma);
  }
}

function nextEpoch({ camera, to }: Move): Held {
  return { cameraId: camera.id, tenantId: camera.tenantId, workerId: to, epoch: camera.epoch + 1 };
}

async function withinBounds(tx: Queryable, moves: readonly Move[]): Promise<Move[]> {
  const rows = await tx.$queryRaw<{ workerId: string; count: number }[]>`
    SELECT worker_id AS "workerId", count(*)::integer AS count FROM assignments
    WHERE state = 'releasing' GROUP BY worker_id`;
  const underWay = new Map(rows.map(({ workerId, count }) => [workerId, count]));
  return moves.filter(({ camera }) => {
    const count = (underWay.get(camera.workerId) ?? 0) + 1;
    if (count > MOVES_AT_ONCE) return false;
    underWay.set(camera.workerId, count);
    return true;
  });
}

/** The old epoch of each move goes on serving, or ends. */
async function leave(
  tx: Queryable,
  { state, reason, moves }: { state: 'releasing' | 'released'; reason: string; moves: readonly Move[] },
): Promise<Held[]> {
  if (moves.length === 0) return [];
  const held = moves.map(({ camera }) => ({ cameraId: camera.id, epoch: camera.heldEpoch }));
  return tx.$queryRaw<Held[]>`
    UPDATE assignments a SET state = ${state}, reason = ${reason},
      ended_at = CASE WHEN ${state} = 'released' THEN now() END
    FROM jsonb_to_recordset(${JSON.stringify(held)}::jsonb) AS m ("cameraId" text, epoch integer)
    WHERE a.camera_id = m."cameraId" AND a.epoch = m.epoch AND a.state IN ('assigned', 'running')
    RETURNING a.camera_id AS "cameraId", a.tenant_id AS "tenantId", a.worker_id AS "workerId", a.epoch`;
}

/** The standby streams: the viewers follow it, and the old worker lets go. */
async function switchFeeds(tx: Queryable): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    UPDATE assignments old SET state = 'released', ended_at = now()
    FROM assignments standby JOIN workers w ON w.id = standby.worker_id
    WHERE standby.state = 'standby' AND w.report @> jsonb_build_array(
        jsonb_build_object('cameraId', standby.camera_id, 'epoch', standby.epoch, 'state', 'streaming')
      )
      AND old.camera_id = standby.camera_id AND old.epoch < standby.epoch AND old.state = 'releasing'
    RETURNING old.camera_id AS "cameraId", old.tenant_id AS "tenantId", old.worker_id AS "workerId", old.epoch`;
}

/** No frame in time: the camera stays where it is. */
async function cancelLate(tx: Queryable, timeoutMs: number): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    UPDATE assignments standby SET state = 'cancelled', reason = 'NO_FRAME', ended_at = now()
    WHERE standby.state = 'standby' AND standby.created_at < now() - ${timeoutMs} * interval '1 millisecond'
      AND EXISTS (
        SELECT 1 FROM assignments old WHERE old.camera_id = standby.camera_id AND old.state = 'releasing'
      )
    RETURNING standby.camera_id AS "cameraId", standby.tenant_id AS "tenantId",
      standby.worker_id AS "workerId", standby.epoch`;
}

async function standbysOf(tx: Queryable, cameras: readonly Held[]): Promise<Held[]> {
  if (cameras.length === 0) return [];
  return tx.$queryRaw<Held[]>`
    SELECT camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch FROM assignments
    WHERE state = 'standby' AND camera_id = ANY(${cameras.map(({ cameraId }) => cameraId)}::text[])`;
}

/** Its standby was cancelled, or was lost with its worker. */
async function keepUnmoved(tx: Queryable): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    UPDATE assignments old SET state = 'running', reason = NULL
    WHERE old.state = 'releasing' AND NOT EXISTS (
      SELECT 1 FROM assignments standby
      WHERE standby.camera_id = old.camera_id AND standby.state = 'standby'
    )
    RETURNING old.camera_id AS "cameraId", old.tenant_id AS "tenantId", old.worker_id AS "workerId", old.epoch`;
}

/** The old worker reports the camera no more, or its lease is over: the standby reports from now on. */
async function takeOver(tx: Queryable): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    UPDATE assignments standby SET state = 'running'
    WHERE standby.state = 'standby' AND NOT EXISTS (
      SELECT 1 FROM assignments old JOIN workers w ON w.id = old.worker_id
      WHERE old.camera_id = standby.camera_id AND old.epoch < standby.epoch
        AND (old.state = 'releasing' OR (
          old.ended_at > now() - interval '5 minutes' AND old.worker_id <> standby.worker_id
          AND w.state NOT IN ('lost', 'removed') AND w.lease_until > now()
          AND w.report @> jsonb_build_array(jsonb_build_object('cameraId', old.camera_id, 'epoch', old.epoch))
        ))
    )
    RETURNING standby.camera_id AS "cameraId", standby.tenant_id AS "tenantId",
      standby.worker_id AS "workerId", standby.epoch`;
}
