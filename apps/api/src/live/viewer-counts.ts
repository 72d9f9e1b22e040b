import { Injectable } from '@nestjs/common';
import { ApiMetrics } from '../core/api-metrics';

/** How many watch each camera through this replica. */
@Injectable()
export class ViewerCounts {
  private readonly counts = new Map<string, number>();

  constructor(private readonly metrics: ApiMetrics) {}

  of(cameraId: string): number {
    return this.counts.get(cameraId) ?? 0;
  }

  change(cameraId: string, by: 1 | -1): void {
    const count = this.of(cameraId) + by;
    if (count > 0) this.counts.set(cameraId, count);
    else this.counts.delete(cameraId);
    this.metrics.viewers.inc(by);
  }
}
