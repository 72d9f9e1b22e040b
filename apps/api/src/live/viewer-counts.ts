import { ViewerCountsRepository } from '@camfleet/database';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ApiMetrics } from '../core/api-metrics';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { ReplicaId } from '../core/replica-id';

/** Other replicas know of a change here so much later. */
const TELL_INTERVAL_MS = 1_000;
/** What has not changed is told so seldom, as a sign of life. */
const REPEAT_MS = 4_000;

/** How many watch each camera: through this replica at once, through others as they last told. */
@Injectable()
export class ViewerCounts implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly counts = new Map<string, number>();
  private changed = false;
  private toldAtMs = -Infinity;
  private timer?: NodeJS.Timeout;
  private telling?: Promise<void>;

  constructor(
    private readonly repository: ViewerCountsRepository,
    private readonly replicaId: ReplicaId,
    private readonly metrics: ApiMetrics,
    @Inject(API_OPTIONS) private readonly options: ApiOptions,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      // While the database hangs nothing queues up: the next that is told is what is so then.
      if (this.telling) return;
      const isRepeated = this.counts.size > 0 && performance.now() - this.toldAtMs >= REPEAT_MS;
      if (this.changed || isRepeated) this.telling = this.tell().finally(() => (this.telling = undefined));
    }, TELL_INTERVAL_MS);
  }

  /** Nobody watches through a replica that stops: others need not wait until they forget it. */
  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.telling;
    this.counts.clear();
    await this.tell();
  }

  change(cameraId: string, by: 1 | -1): void {
    const count = (this.counts.get(cameraId) ?? 0) + by;
    if (count > 0) this.counts.set(cameraId, count);
    else this.counts.delete(cameraId);
    this.changed = true;
    this.metrics.viewers.inc(by);
  }

  /** Of each camera, over all replicas. */
  async of(cameraIds: readonly string[]): Promise<Map<string, number>> {
    const others = await this.repository.ofOthers(this.replicaId.value, cameraIds);
    return new Map(cameraIds.map((id) => [id, (this.counts.get(id) ?? 0) + (others.get(id) ?? 0)]));
  }

  private async tell(): Promise<void> {
    this.changed = false;
    this.toldAtMs = performance.now();
    const counts = [...this.counts].map(([cameraId, viewers]) => ({ cameraId, viewers }));
    try {
      await this.repository.tell(this.replicaId.value, counts);
    } catch (err) {
      this.changed = true;
      this.options.logger.debug({ err }, 'viewer_counts.not_told');
    }
  }
}
