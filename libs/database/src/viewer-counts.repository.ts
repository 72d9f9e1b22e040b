import type { Database } from './database';

/** A replica that has told nothing for this long has died, and its viewers have gone elsewhere. */
const FORGOTTEN_AFTER_MS = 10_000;

/** How many watch each camera, told by every replica of itself. */
export class ViewerCountsRepository {
  constructor(private readonly database: Database) {}

  /** Takes the place of all that this replica told before. */
  async tell(replicaId: string, counts: readonly { cameraId: string; viewers: number }[]): Promise<void> {
    const cameraIds = counts.map(({ cameraId }) => cameraId);
    await this.database.prisma.$executeRaw`
      WITH gone AS (
        DELETE FROM camera_viewers
        WHERE (replica_id = ${replicaId} AND camera_id <> ALL(${cameraIds}::text[]))
          OR seen_at < now() - ${FORGOTTEN_AFTER_MS} * interval '1 millisecond' AND replica_id <> ${replicaId}
      )
      INSERT INTO camera_viewers (replica_id, camera_id, viewers)
      SELECT ${replicaId}, c."cameraId", c.viewers
      FROM jsonb_to_recordset(${JSON.stringify(counts)}::jsonb) AS c ("cameraId" text, viewers integer)
      ON CONFLICT (camera_id, replica_id) DO UPDATE SET viewers = excluded.viewers, seen_at = now()`;
  }

  /** Viewers through all other replicas; cameras without any are left out. */
  async ofOthers(replicaId: string, cameraIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await this.database.prisma.$queryRaw<{ cameraId: string; viewers: number }[]>`
      SELECT camera_id AS "cameraId", sum(viewers)::integer AS viewers FROM camera_viewers
      WHERE camera_id = ANY(${[...cameraIds]}::text[]) AND replica_id <> ${replicaId}
        AND seen_at > now() - ${FORGOTTEN_AFTER_MS} * interval '1 millisecond'
      GROUP BY camera_id`;
    return new Map(rows.map(({ cameraId, viewers }) => [cameraId, viewers]));
  }
}
