import { availableParallelism, totalmem } from 'node:os';
import type { WorkerLoad } from '@camfleet/protocol';
import type { z } from 'zod';
import type { ChildHealth } from '../process/child-pool';

type Load = z.infer<typeof WorkerLoad>;

/** What this worker and its children take of the machine: shares of all cores and of all memory, 0 to 1. */
export class LoadMeter {
  private last = { cpuSeconds: 0, atMs: performance.now() };
  private cpu = 0;

  measure(children: readonly ChildHealth[]): Load {
    const { user, system } = process.cpuUsage();
    const own = (user + system) / 1e6;
    const cpuSeconds = children.reduce((sum, child) => sum + child.cpuSeconds, own);
    const atMs = performance.now();
    const elapsedSeconds = (atMs - this.last.atMs) / 1000;
    // Children tell their figures once a second: shorter spans would swing between nothing and too much.
    if (elapsedSeconds >= 1) {
      const used = Math.max(0, cpuSeconds - this.last.cpuSeconds);
      this.cpu = Math.min(1, used / elapsedSeconds / availableParallelism());
      this.last = { cpuSeconds, atMs };
    }
    const rss = children.reduce((sum, child) => sum + child.rssBytes, process.memoryUsage.rss());
    return { cpu: round(this.cpu), memory: round(rss / totalmem()) };
  }
}

function round(share: number): number {
  return Math.round(share * 1000) / 1000;
}
