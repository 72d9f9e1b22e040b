import { HELD_ASSIGNMENT_STATES } from '@camfleet/domain';
import type { CameraReport } from '@camfleet/protocol';
import type { Database } from './database';
import { Prisma } from './generated/client';

/** Who runs a camera, where to reach it, and what it last said of the camera. */
export interface ServingAssignment {
  cameraId: string;
  epoch: number;
  workerId: string;
  state: string;
  workerState: string;
  publicUrl: string;
  secret: string;
  report: CameraReport | null;
}

/** What decides whether a late event is still taken. */
export interface EpochRecord {
  cameraId: string;
  epoch: number;
  workerId: string;
  tenantId: string;
  state: string;
  endedAt: Date | null;
}

/** Viewers are served by the camera's owner; by its standby when the owner has left. */
export const SERVING_FIRST = Prisma.sql`a.state = 'standby'`;

export class AssignmentsRepository {
  constructor(private readonly database: Database) {}

  /** Of each camera, the assignment that its viewers are served from. */
  async serving(cameraIds: readonly string[]): Promise<Map<string, ServingAssignment>> {
    if (cameraIds.length === 0) return new Map();
    const rows = await this.database.prisma.$queryRaw<ServingAssignment[]>`
      SELECT DISTINCT ON (a.camera_id)
        a.camera_id AS "cameraId", a.epoch, a.worker_id AS "workerId", a.state, w.state AS "workerState",
        w.public_url AS "publicUrl", w.secret,
        (SELECT r FROM jsonb_array_elements(w.report) r
          WHERE r->>'cameraId' = a.camera_id AND (r->>'epoch')::integer = a.epoch LIMIT 1) AS report
      FROM assignments a JOIN workers w ON w.id = a.worker_id
      WHERE a.camera_id = ANY(${[...cameraIds]}::text[]) AND a.ended_at IS NULL
      ORDER BY a.camera_id, ${SERVING_FIRST}`;
    return new Map(rows.map((row) => [row.cameraId, row]));
  }

  /** The epochs that events and reports claim to come from; those that never were are left out. */
  async epochs(claims: readonly { cameraId: string; epoch: number }[]): Promise<EpochRecord[]> {
    const asked = claims.map(({ cameraId, epoch }) => ({ cameraId, epoch }));
    return this.database.prisma.$queryRaw<EpochRecord[]>`
      SELECT a.camera_id AS "cameraId", a.epoch, a.worker_id AS "workerId", a.tenant_id AS "tenantId",
        a.state,
        a.ended_at AS "endedAt"
      FROM assignments a
      JOIN jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS c ("cameraId" text, epoch integer)
        ON a.camera_id = c."cameraId" AND a.epoch = c.epoch`;
  }

  /** What each worker of a tenant should run: worker, camera, epoch, state. */
  async heldByTenant(
    tenantId: string,
  ): Promise<{ workerId: string; cameraId: string; name: string; epoch: number; state: string }[]> {
    return this.database.prisma.$queryRaw`
      SELECT a.worker_id AS "workerId", a.camera_id AS "cameraId", c.name, a.epoch, a.state
      FROM assignments a JOIN cameras c ON c.id = a.camera_id
      WHERE a.tenant_id = ${tenantId} AND a.state = ANY(${[...HELD_ASSIGNMENT_STATES]}::text[])
      ORDER BY a.camera_id`;
  }

  /** Cameras that should run and that nobody runs, with the reason. */
  async waitingOfTenant(tenantId: string): Promise<{ cameraId: string; epoch: number; reason: string }[]> {
    return this.database.prisma.$queryRaw`
      SELECT c.id AS "cameraId", c.epoch, coalesce(c.reason, 'NO_WORKER_AVAILABLE: not placed yet.') AS reason
      FROM cameras c
      WHERE c.tenant_id = ${tenantId} AND c.desired = 'running' AND NOT EXISTS (
        SELECT 1 FROM assignments a
        WHERE a.camera_id = c.id AND a.ended_at IS NULL
      )
      ORDER BY c.priority DESC, c.id`;
  }
}
