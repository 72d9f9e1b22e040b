import { WORKER_TRANSITIONS, statesBefore, type WorkerState } from '@camfleet/domain';
import { type Change, announce } from '../changes';
import { type IssuedCommand, type NewCommand, issueCommands } from '../commands.repository';
import type { Database, Queryable } from '../database';

/** One camera on one worker in one epoch. */
export interface Held {
  cameraId: string;
  tenantId: string;
  workerId: string;
  epoch: number;
}

const TRANSACTION_TIMEOUT_MS = 10_000;
/** A replica that is paused while it places holds the others up for so long. */
const PAUSED_PLACER_MS = 1_000;

/**
 * One transaction that holds the leader's row from its first statement, so that two replicas never decide at
 * once. One that stands still in it is thrown out by the database, and can write nothing when it wakes.
 */
export function asLeader<Result>(
  database: Database,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return database.prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`
        SELECT set_config('idle_in_transaction_session_timeout', ${String(PAUSED_PLACER_MS)}, true), id
        FROM placement_leader FOR UPDATE`;
      return work(tx);
    },
    { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS },
  );
}

/** Raises the revision of each worker concerned and writes it a command for each camera. */
export async function order(
  tx: Queryable,
  type: NewCommand['type'],
  assignments: readonly Held[],
): Promise<IssuedCommand[]> {
  if (assignments.length === 0) return [];
  const workerIds = [...new Set(assignments.map(({ workerId }) => workerId))];
  const revisions = await tx.$queryRaw<{ id: string; revision: number }[]>`
    UPDATE workers SET revision = revision + 1 WHERE id = ANY(${workerIds}::text[]) RETURNING id, revision`;
  await announce(tx, [
    ...workerIds.map((id): Change => ({ kind: 'worker', id })),
    ...assignments.map(({ cameraId }): Change => ({ kind: 'camera', id: cameraId })),
  ]);
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

/** Writes the next epoch of each camera that is still in the epoch that was read; answers those. */
export async function beginEpochs(
  tx: Queryable,
  { state, placed }: { state: 'assigned' | 'standby'; placed: readonly Held[] },
): Promise<IssuedCommand[]> {
  if (placed.length === 0) return [];
  const begun = await tx.$queryRaw<Held[]>`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(placed)}::jsonb)
        AS p ("cameraId" text, "tenantId" text, "workerId" text, epoch integer)
    ), moved AS (
      UPDATE cameras SET epoch = wanted.epoch, reason = NULL
      FROM wanted WHERE cameras.id = wanted."cameraId" AND cameras.epoch = wanted.epoch - 1
      RETURNING wanted.*
    )
    INSERT INTO assignments (camera_id, tenant_id, worker_id, epoch, state)
    SELECT "cameraId", "tenantId", "workerId", epoch, ${state} FROM moved
    RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
  return order(tx, 'ASSIGN_CAMERA', begun);
}

/** Ends whatever runs the camera. */
export async function endHeld(tx: Queryable, cameraId: string): Promise<Held[]> {
  return tx.$queryRaw<Held[]>`
    UPDATE assignments SET state = 'released', ended_at = now()
    WHERE camera_id = ${cameraId} AND ended_at IS NULL
    RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
}

/** Ends what these workers hold, in the caller's transaction. */
export async function releaseAll(
  tx: Queryable,
  { workerIds, reason }: { workerIds: readonly string[]; reason: string },
): Promise<Held[]> {
  const ended = await tx.$queryRaw<Held[]>`
    UPDATE assignments SET state = 'released', reason = ${reason}, ended_at = now()
    WHERE worker_id = ANY(${[...workerIds]}::text[]) AND ended_at IS NULL
    RETURNING camera_id AS "cameraId", tenant_id AS "tenantId", worker_id AS "workerId", epoch`;
  await announce(tx, [
    ...workerIds.map((id): Change => ({ kind: 'worker', id })),
    ...ended.map(({ cameraId }): Change => ({ kind: 'camera', id: cameraId })),
  ]);
  return ended;
}

/** `draining → drained` of workers that hold nothing more. */
export async function finishDrains(tx: Queryable): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE workers w SET state = 'drained', revision = revision + 1
    WHERE state = 'draining'
      AND NOT EXISTS (SELECT 1 FROM assignments a WHERE a.worker_id = w.id AND a.ended_at IS NULL)
    RETURNING id`;
  await announce(
    tx,
    rows.map(({ id }): Change => ({ kind: 'worker', id })),
  );
}

/** The states of a worker that may become this one. */
export function workerStatesBefore(state: WorkerState): WorkerState[] {
  return statesBefore(WORKER_TRANSITIONS, state);
}
