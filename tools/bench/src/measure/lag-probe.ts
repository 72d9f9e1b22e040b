import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** What one process tells of its event loop since the last question, ms. */
interface LagReport {
  script: string;
  p50: number;
  p99: number;
  max: number;
}

const RESOLUTION_MS = 5;

/**
 * In every process of the system (see `LagMeasurement`): on SIGUSR2 it writes how late the event loop was since
 * the last one, to `<directory>/<pid>.json`. One instrument for all, over exactly the window.
 */
export function install(directory: string): void {
  if (!isMainThread) return;
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const lateMs = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS);
  process.on('SIGUSR2', () => {
    const report: LagReport = {
      script: process.argv[1] ?? '',
      p50: lateMs(histogram.percentile(50)),
      p99: lateMs(histogram.percentile(99)),
      max: lateMs(histogram.max),
    };
    writeFileSync(join(directory, `${process.pid}.json`), JSON.stringify(report));
    histogram.reset();
  });
}
