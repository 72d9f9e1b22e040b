import type { Page } from '@camfleet/protocol';
import type { Database } from './database';
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
}
