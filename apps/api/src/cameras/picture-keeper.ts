import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AssignmentsRepository } from '@camfleet/database';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ChangeFeed } from '../core/change-feed';
import { ViewingService } from '../live/viewing.service';

/** Epochs remembered as pictured; the oldest are forgotten beyond it. */
const MAX_REMEMBERED = 100_000;

/** Keeps one picture of every camera when it first streams, so that a stopped one can still be recognised. */
@Injectable()
export class PictureKeeper implements OnApplicationBootstrap {
  private readonly pictured = new Set<string>();

  constructor(
    private readonly changes: ChangeFeed,
    private readonly assignments: AssignmentsRepository,
    private readonly viewing: ViewingService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('change', ({ kind, id }) => {
      if (kind !== 'camera') return;
      this.look(id).catch((err: unknown) =>
        this.options.logger.warn({ err, cameraId: id }, 'picture_keeper.failed'),
      );
    });
  }

  private async look(cameraId: string): Promise<void> {
    const assignment = (await this.assignments.serving([cameraId])).get(cameraId);
    if (assignment?.report?.state !== 'streaming') return;
    const key = `${cameraId}/${assignment.epoch}`;
    if (this.pictured.has(key)) return;
    this.pictured.add(key);
    for (const oldest of this.pictured) {
      if (this.pictured.size <= MAX_REMEMBERED) break;
      this.pictured.delete(oldest);
    }
    await this.viewing.fromWorker(cameraId);
  }
}
