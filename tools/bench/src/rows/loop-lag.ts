import { join } from 'node:path';
import { HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { LagMeasurement } from '../measure/lag';
import { readMetric } from '../measure/metrics';
import { pauseSeconds } from '../measure/pause';
import { coreUse, processTree } from '../measure/processes';
import type { BenchRow } from '../row';

const CAMERAS = 8;
const SETTLE_SECONDS = 10;
const WINDOW_SECONDS = 60;
/** What the process itself tells, ms. */
const fromMetrics = async (url: string) => 1000 * (await readMetric(url, 'nodejs_eventloop_lag_p99_seconds'));
const NAME = 'lateness of the event loop, p99 over 60 s, 8 × 720p15 with faces at 5 fps: the worst process';

export const loopLag: BenchRow = {
  number: 7,
  async run(context) {
    const clip = await context.clips.make(HD);
    using cameras = await Cameras.start({ clip, fps: HD.fps, count: CAMERAS });
    const lag = new LagMeasurement(join(context.scratch, 'lag'));
    await using fleet = await Fleet.start(context, lag.environment);
    for (const [index, url] of cameras.urls.entries()) {
      await fleet.api.startStream(await fleet.api.addCamera(`bench ${index}`, { url, faces: true }));
    }
    await pauseSeconds(SETTLE_SECONDS);
    const [workerPid = 0, ...children] = processTree(fleet.worker.pid);
    const pids = [fleet.apiPid, workerPid, ...children];
    await lag.ask(pids);
    await Promise.all([fleet.api.url, fleet.worker.url].map(fromMetrics)); // begins anew as well
    const use = await coreUse(pids, () => pauseSeconds(WINDOW_SECONDS));
    const reports = await lag.ask(pids);
    const told = (pid: number) => reports.get(pid) ?? { p50: NaN, p99: NaN, max: NaN };
    const worstChild = Math.max(...children.map((pid) => told(pid).p99));
    return [
      {
        name: NAME,
        measured: Math.max(...pids.map((pid) => told(pid).p99)),
        target: 25,
        unit: 'ms',
        compare: 'at most',
        details: {
          API: told(fleet.apiPid).p99,
          'worker, parent': told(workerPid).p99,
          'worker, worst child': worstChild,
          'latest of all': Math.max(...pids.map((pid) => told(pid).max)),
          'API by /metrics': await fromMetrics(fleet.api.url),
          'parent by /metrics': await fromMetrics(fleet.worker.url),
          'all processes, % of a core': [...use.values()].reduce((sum, share) => sum + share, 0),
          viewers: 0,
        },
      },
    ];
  },
};
