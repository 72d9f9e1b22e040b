import { randomUUID } from 'node:crypto';
import type { Page } from '@camfleet/protocol';
import { announce } from './changes';
import type { Database } from './database';
import { Prisma, type Camera as CameraRow } from './generated/client';
import { decodeCursor, pageOfRows } from './page';

export type { CameraRow };

/** What is stored of a camera, before ids and times. */
export type CameraSettings = Omit<
  Prisma.CameraUncheckedCreateInput,
  'id' | 'tenantId' | 'desired' | 'epoch' | 'reason' | 'createdAt' | 'updatedAt'
>;

/** Cameras as their owners describe them; who runs them is in `AssignmentsRepository`. */
export class CamerasRepository {
  constructor(private readonly database: Database) {}

  private get cameras() {
    return this.database.prisma.camera;
  }

  create(tenantId: string, settings: CameraSettings): Promise<CameraRow> {
    return this.database.prisma.$transaction(async (tx) => {
      const row = await tx.camera.create({ data: { ...settings, id: randomUUID(), tenantId } });
      await announce(tx, [{ kind: 'camera', id: row.id }]);
      return row;
    });
  }

  find(tenantId: string, id: string): Promise<CameraRow | null> {
    return this.cameras.findFirst({ where: { tenantId, id } });
  }

  findAny(id: string): Promise<CameraRow | null> {
    return this.cameras.findUnique({ where: { id } });
  }

  /** In the order in which they were added. */
  async list(tenantId: string, page: { limit: number; cursor?: string }): Promise<Page<CameraRow>> {
    const after = decodeCursor(page.cursor);
    const rows = await this.cameras.findMany({
      where: {
        tenantId,
        ...(after && {
          OR: [
            { createdAt: { gt: new Date(after.at) } },
            { createdAt: new Date(after.at), id: { gt: after.id } },
          ],
        }),
      },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      take: page.limit + 1,
    });
    return pageOfRows(rows, {
      limit: page.limit,
      cursorOf: (row) => ({ at: row.createdAt.getTime(), id: row.id }),
    });
  }

  /** The stored row after the change, or `null` when there is no such camera. */
  async update(tenantId: string, id: string, change: Partial<CameraSettings>): Promise<CameraRow | null> {
    const { count } = await this.cameras.updateMany({ where: { tenantId, id }, data: change });
    return count === 1 ? this.find(tenantId, id) : null;
  }

  /** Answers `false` when there is no such camera. */
  async delete(tenantId: string, id: string): Promise<boolean> {
    const { count } = await this.cameras.deleteMany({ where: { tenantId, id } });
    return count === 1;
  }
}
