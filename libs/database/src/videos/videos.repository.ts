import type { Database } from '../database';
import type { Video as VideoRow, Tenant as TenantRow } from '../generated/client';

export type { TenantRow, VideoRow };

/** Recorded videos. One that is still being received is nobody's to see. */
export class VideosRepository {
  constructor(private readonly database: Database) {}

  find(tenantId: string, id: string): Promise<VideoRow | null> {
    return this.database.prisma.video.findFirst({ where: { tenantId, id, status: { not: 'receiving' } } });
  }

  /** Whose workspace an id names. */
  workspace(workspaceId: string): Promise<TenantRow | null> {
    return this.database.prisma.tenant.findUnique({ where: { workspaceId } });
  }
}
