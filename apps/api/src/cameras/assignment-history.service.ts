import { AssignmentHistoryRepository, type PastMove } from '@camfleet/database';
import { AssignmentView, MoveView, type Page, type PageQuery } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { CamerasService } from './cameras.service';

/** Which workers had a camera, when, and why each lost it. */
@Injectable()
export class AssignmentHistoryService {
  constructor(
    private readonly cameras: CamerasService,
    private readonly history: AssignmentHistoryRepository,
  ) {}

  /** Newest first. Throws `CAMERA_NOT_FOUND`, also for another tenant's camera. */
  async list(tenantId: string, cameraId: string, page: PageQuery): Promise<Page<AssignmentView>> {
    await this.cameras.existing(tenantId, cameraId);
    const { items, nextCursor } = await this.history.ofCamera(cameraId, page);
    return {
      items: items.map(({ reason, createdAt, endedAt, ...row }) =>
        AssignmentView.parse({
          ...row,
          reason: reason ?? undefined,
          createdAt: createdAt.toISOString(),
          endedAt: endedAt?.toISOString(),
        }),
      ),
      nextCursor,
    };
  }

  /** Of all cameras, newest first. */
  async moves(tenantId: string, page: PageQuery): Promise<Page<MoveView>> {
    const { items, nextCursor } = await this.history.moves(tenantId, page);
    return { items: items.map(toMoveView), nextCursor };
  }
}

function toMoveView({ endedAt, nextWorkerId, nextWorkerName, nextCreatedAt, ...row }: PastMove): MoveView {
  return MoveView.parse({
    ...row,
    endedAt: endedAt.toISOString(),
    ...(nextWorkerId !== null && {
      next: { workerId: nextWorkerId, workerName: nextWorkerName, createdAt: nextCreatedAt?.toISOString() },
    }),
  });
}
