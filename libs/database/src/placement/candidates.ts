import type { Queryable } from '../database';

type LabelMap = Record<string, string>;

/** A camera for which a worker is looked for. */
export interface PlaceableCamera {
  id: string;
  tenantId: string;
  epoch: number;
  siteId: string | null;
  require: LabelMap;
  prefer: LabelMap;
  priority: number;
  /** Decoded, as last seen; null: nobody has seen it stream. */
  pixelsPerSecond: number | null;
  /** Why it waits, as its readers were last told. */
  reason: string | null;
}

/** A worker that may be given cameras, and what it carries already. */
export interface PlacementCandidate {
  id: string;
  tenantId: string;
  siteId: string | null;
  labels: LabelMap;
  models: { name: string; version: string }[];
  hardware: Record<string, unknown> | null;
  capacity: { cameras: number; pixelsPerSecond?: number };
  /** Cameras that it holds. */
  assigned: number;
  /** What they take together, as far as it is known. */
  pixelsPerSecond: number;
}

/** A camera that a worker holds and may hand over. */
export interface LeavingCamera extends PlaceableCamera {
  workerId: string;
  /** The epoch in which it is held; the camera's own is higher after a move that was cancelled. */
  heldEpoch: number;
  isStreaming: boolean;
  /** Its source allows one reader. */
  isExclusive: boolean;
}

/**
 * Cameras that should run and that nobody holds, the most important first. One whose source allows one reader
 * waits until its last reader has let go of it.
 */
// `NOT IN` is one hash over what is held; for `NOT EXISTS` a planner that has no statistics of a fleet that just grew
// compares each camera with each assignment.
export async function waitingCameras(tx: Queryable, limit: number): Promise<PlaceableCamera[]> {
  return tx.$queryRaw<PlaceableCamera[]>`
    SELECT c.id, c.tenant_id AS "tenantId", c.epoch, c.site_id AS "siteId", c.require, c.prefer, c.priority,
      c.pixels_per_second AS "pixelsPerSecond", c.reason
    FROM cameras c
    WHERE c.desired = 'running'
      AND c.id NOT IN (SELECT a.camera_id FROM assignments a WHERE a.ended_at IS NULL)
      AND NOT (coalesce(c.source_options->>'exclusive' = 'true', false) AND EXISTS (
        SELECT 1 FROM assignments a JOIN workers w ON w.id = a.worker_id
        WHERE a.camera_id = c.id AND a.ended_at > now() - interval '1 minute'
          AND w.state NOT IN ('lost', 'removed') AND w.lease_until > now()
          AND w.report @> jsonb_build_array(jsonb_build_object('cameraId', c.id))
      ))
    ORDER BY c.priority DESC, c.id LIMIT ${limit}`;
}

export async function placementCandidates(tx: Queryable): Promise<PlacementCandidate[]> {
  return tx.$queryRaw<PlacementCandidate[]>`
    SELECT w.id, w.tenant_id AS "tenantId", w.site_id AS "siteId", w.labels, w.models, w.hardware, w.capacity,
      coalesce(held.cameras, 0)::integer AS assigned, coalesce(held.pixels, 0) AS "pixelsPerSecond"
    FROM workers w LEFT JOIN (
      SELECT a.worker_id, count(*) AS cameras, sum(c.pixels_per_second) AS pixels
      FROM assignments a JOIN cameras c ON c.id = a.camera_id WHERE a.ended_at IS NULL GROUP BY a.worker_id
    ) held ON held.worker_id = w.id
    WHERE w.state = 'online' AND NOT w.drain_wanted AND w.lease_until > now() ORDER BY w.id`;
}

/** What the workers in this state, or this one worker, hold and no handover moves yet; the most important first. */
export async function leavingCameras(
  tx: Queryable,
  from: { workerState: 'draining' } | { workerId: string },
): Promise<LeavingCamera[]> {
  const [state, id] = 'workerId' in from ? [null, from.workerId] : [from.workerState, null];
  return tx.$queryRaw<LeavingCamera[]>`
    SELECT c.id, c.tenant_id AS "tenantId", c.epoch, a.epoch AS "heldEpoch", c.site_id AS "siteId", c.require, c.prefer, c.priority,
      c.pixels_per_second AS "pixelsPerSecond", c.reason, a.worker_id AS "workerId",
      coalesce(c.source_options->>'exclusive' = 'true', false) AS "isExclusive",
      w.report @> jsonb_build_array(
        jsonb_build_object('cameraId', c.id, 'epoch', a.epoch, 'state', 'streaming')
      ) AS "isStreaming"
    FROM workers w JOIN assignments a ON a.worker_id = w.id JOIN cameras c ON c.id = a.camera_id
    WHERE a.state IN ('assigned', 'running') AND (w.state = ${state}::text OR w.id = ${id}::text)
      AND NOT EXISTS (
        SELECT 1 FROM assignments before WHERE before.camera_id = c.id AND before.state = 'cancelled'
          AND before.ended_at > now() - interval '10 seconds'
      )
    ORDER BY c.priority DESC, c.id`;
}
