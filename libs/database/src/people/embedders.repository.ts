import type { Database } from '../database';

export interface EmbedderRow {
  name: string;
  version: string;
  /** As its workers sent it; `null`: they sent none. */
  calibration: unknown;
}

/** What faces are embedded with. */
export class EmbeddersRepository {
  constructor(private readonly database: Database) {}

  async find(
    tenantId: string,
    { name, version }: { name: string; version: string },
  ): Promise<EmbedderRow | null> {
    const rows = await this.database.prisma.$queryRaw<EmbedderRow[]>`
      SELECT name, version, calibration FROM embedders
      WHERE tenant_id = ${tenantId} AND name = ${name} AND version = ${version}`;
    return rows[0] ?? null;
  }

  /** An embedder that is met without having been announced: it has no calibration. */
  async meet(tenantId: string, { name, version }: { name: string; version: string }): Promise<void> {
    await this.database.prisma.$executeRaw`
      INSERT INTO embedders (tenant_id, name, version) VALUES (${tenantId}, ${name}, ${version})
      ON CONFLICT DO NOTHING`;
  }

  /**
   * What the tenant's library is to be embedded with: of the embedders that its workers now have the one that came
   * last, so that two kinds of workers never send it to and fro, nor one that is late with a heartbeat. Without workers: the one that came last.
   */
  async current(tenantId: string): Promise<EmbedderRow | null> {
    const rows = await this.database.prisma.$queryRaw<EmbedderRow[]>`
      SELECT e.name, e.version, e.calibration FROM embedders e
      WHERE e.tenant_id = ${tenantId}
      ORDER BY EXISTS (
        SELECT FROM workers w CROSS JOIN LATERAL jsonb_array_elements(w.models) m
        WHERE w.tenant_id = e.tenant_id AND w.state IN ('registered', 'online', 'suspect', 'draining', 'drained')
          AND m ->> 'name' = e.name AND m ->> 'version' = e.version
      ) DESC, e.created_at DESC LIMIT 1`;
    return rows[0] ?? null;
  }

  async tenants(): Promise<string[]> {
    const rows = await this.database.prisma.$queryRaw<{ id: string }[]>`
      SELECT DISTINCT tenant_id AS id FROM embedders`;
    return rows.map(({ id }) => id);
  }
}
