import type { Page } from '@camfleet/protocol';
import type { Database } from './database';
import { Prisma } from './generated/client';
import { decodeCursor, pageOfRows } from './page';

/** One row of a camera's history. */
export interface PastAssignment {
  epoch: number;
  workerId: string;
  workerName: string;
  state: string;
  reason: string | null;
  createdAt: Date;
  endedAt: Date | null;
}

/** A camera that left a worker, and who had it next. */
export interface PastMove {
  cameraId: string;
  cameraName: string;
  epoch: number;
  workerId: string;
  workerName: string;
  reason: string;
  endedAt: Date;
  nextWorkerId: string | null;
  nextWorkerName: string | null;
  nextCreatedAt: Date | null;
}

/** Who had a camera, and when. Nothing here is ever written: `PlacementRepository` does that. */
export class AssignmentHistoryRepository {
  constructor(private readonly database: Database) {}

  /** Newest first; the epoch is the order. */
  async ofCamera(
    cameraId: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<PastAssignment>> {
    const before = decodeCursor(cursor)?.at ?? null;
    const rows = await this.database.prisma.$queryRaw<PastAssignment[]>`
      SELECT a.epoch, a.worker_id AS "workerId", coalesce(w.name, a.worker_id) AS "workerName", a.state, a.reason,
        a.created_at AS "createdAt", a.ended_at AS "endedAt"
      FROM assignments a LEFT JOIN workers w ON w.id = a.worker_id
      WHERE a.camera_id = ${cameraId} AND (${before}::double precision IS NULL OR a.epoch < ${before}::double precision)
      ORDER BY a.epoch DESC LIMIT ${limit + 1}`;
    return pageOfRows(rows, { limit, cursorOf: ({ epoch }) => ({ at: epoch, id: cameraId }) });
  }

  /** Of all cameras, newest first. What somebody stopped has no reason, and is no move. */
  async moves(
    tenantId: string,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<PastMove>> {
    const before = decodeCursor(cursor);
    const older = before
      ? Prisma.sql`AND (a.ended_at, a.camera_id) < (${new Date(before.at)}::timestamptz, ${before.id})`
      : Prisma.empty;
    const rows = await this.database.prisma.$queryRaw<PastMove[]>`
      SELECT a.camera_id AS "cameraId", c.name AS "cameraName", a.epoch, a.worker_id AS "workerId",
        coalesce(w.name, a.worker_id) AS "workerName", a.reason, a.ended_at AS "endedAt",
        next.worker_id AS "nextWorkerId", coalesce(v.name, next.worker_id) AS "nextWorkerName",
        next.created_at AS "nextCreatedAt"
      FROM assignments a JOIN cameras c ON c.id = a.camera_id LEFT JOIN workers w ON w.id = a.worker_id
      LEFT JOIN LATERAL (
        SELECT n.worker_id, n.created_at FROM assignments n
        WHERE n.camera_id = a.camera_id AND n.epoch > a.epoch AND n.state <> 'cancelled' ORDER BY n.epoch LIMIT 1
      ) next ON true
      LEFT JOIN workers v ON v.id = next.worker_id
      WHERE a.tenant_id = ${tenantId} AND a.ended_at IS NOT NULL AND a.reason IS NOT NULL
        AND a.state <> 'cancelled' ${older}
      ORDER BY a.ended_at DESC, a.camera_id DESC LIMIT ${limit + 1}`;
    return pageOfRows(rows, {
      limit,
      cursorOf: ({ endedAt, cameraId }) => ({ at: endedAt.getTime(), id: cameraId }),
    });
  }
}
