import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AssignmentsRepository } from '@camfleet/database';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ConcurrencyLimit } from '../core/concurrency-limit';
import { ChangeFeed } from '../core/change-feed';
import { Gathering } from '../core/gathering';
import { ViewingService } from '../live/viewing.service';

/** Epochs remembered as pictured; the oldest are forgotten beyond it. */
const MAX_REMEMBERED = 100_000;

/** Changes of cameras that are looked at together; those beyond the bound wait for their camera's next change. */
const LOOKS_AT_ONCE = 200;
const MAX_WAITING = 50_000;
/** Pictures fetched at a time, and the rest after each: nobody waits for them, and a herd of cameras would. */
const FETCHED_AT_ONCE = 2;
const REST_MS = 10;

/** Keeps one picture of every camera when it first streams, so that a stopped one can still be recognised. */
@Injectable()
export class PictureKeeper implements OnApplicationBootstrap {
  private readonly pictured = new Set<string>();
  private readonly fetching = new ConcurrencyLimit(FETCHED_AT_ONCE);
  private readonly looks = new Gathering(
    async (cameraIds: string[]) => {
      const serving = await this.assignments.serving(cameraIds);
      return cameraIds.map((id) => serving.get(id));
    },
    { maxItems: LOOKS_AT_ONCE },
  );

  constructor(
    private readonly changes: ChangeFeed,
    private readonly assignments: AssignmentsRepository,
    private readonly viewing: ViewingService,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.changes.on('change', ({ kind, id }) => {
      if (kind === 'camera' && this.looks.size < MAX_WAITING)
        this.look(id).catch((err: unknown) =>
          this.options.logger.warn({ err, cameraId: id }, 'picture_keeper.failed'),
        );
    });
  }

  private async look(cameraId: string): Promise<void> {
    const assignment = await this.looks.do(cameraId);
    if (assignment?.report?.state !== 'streaming') return;
    const key = `${cameraId}/${assignment.epoch}`;
    if (this.pictured.has(key)) return;
    this.pictured.add(key);
    for (const oldest of this.pictured) {
      if (this.pictured.size <= MAX_REMEMBERED) break;
      this.pictured.delete(oldest);
    }
    await this.fetching.run(async () => {
      await this.viewing.fromWorker(cameraId);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    });
  }
}
