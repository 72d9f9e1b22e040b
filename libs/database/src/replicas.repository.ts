import type { Database } from './database';

/** A replica that has not renewed its row for so long is taken for dead. */
const SILENT_MS = 3_000;
/** Rows of replicas that ended without saying so are deleted after this. */
const KEPT_MS = 60_000;

/** The API processes of the fleet. */
export class ReplicasRepository {
  constructor(private readonly database: Database) {}

  /** Says that this one lives. Answers the URLs of all that do, this one's included, in a steady order. */
  async renew({ id, url }: { id: string; url: string }): Promise<string[]> {
    const rows = await this.database.prisma.$queryRaw<{ url: string }[]>`
      WITH own AS (
        INSERT INTO api_replicas (id, url) VALUES (${id}, ${url})
        ON CONFLICT (id) DO UPDATE SET url = excluded.url, seen_at = now()
      ), gone AS (
        DELETE FROM api_replicas WHERE seen_at < now() - ${KEPT_MS} * interval '1 millisecond' AND id <> ${id}
      )
      SELECT url FROM api_replicas
      WHERE id <> ${id} AND seen_at > now() - ${SILENT_MS} * interval '1 millisecond'
      UNION SELECT ${url} ORDER BY url`;
    return rows.map((row) => row.url);
  }

  async leave(id: string): Promise<void> {
    await this.database.prisma.$executeRaw`DELETE FROM api_replicas WHERE id = ${id}`;
  }
}
