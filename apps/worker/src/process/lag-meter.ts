import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Each look wakes the process: a hundred a second cost a child 0.4 % of a core. */
const RESOLUTION_MS = 200;

/** How late the event loop is, at the 99th percentile since the last question, ms. */
export class LagMeter {
  private readonly histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  constructor() {
    this.histogram.enable();
  }

  take(): number {
    const lagMs = this.histogram.percentile(99) / 1e6 - RESOLUTION_MS;
    this.histogram.reset();
    return Number.isFinite(lagMs) ? Math.max(0, lagMs) : 0;
  }
}
