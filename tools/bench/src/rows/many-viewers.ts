import { SMALL } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { readMetric } from '../measure/metrics';
import { pauseSeconds } from '../measure/pause';
import { coreUse } from '../measure/processes';
import { median, p95 } from '../measure/statistics';
import type { BenchContext, BenchRow, RowResult } from '../row';
import { apiFeed, workerFeed } from '../viewing/feed';
import type { SeenPart } from '../viewing/part-scanner';
import { Viewers } from '../viewing/viewers';

const VIEWERS = 200;
const WINDOWS = 3;
const WINDOW_SECONDS = 10;
const SETTLE_SECONDS = 4;
const CPU_NAME = '200 viewers of 640×360@15: CPU of the API';

interface Window {
  apiPercent: number;
  viewersPercent: number;
  fps: number[];
  addedMs: number[];
  directMs: number[];
  upstreams: number;
}

/** One row of the table of targets, four figures: each has a line of its own. */
export const manyViewers: BenchRow = {
  number: 3,
  async run(context) {
    const windows = await measureWindows(context);
    const over = (read: (window: Window) => number) => median(windows.map(read));
    const details = {
      viewers: VIEWERS,
      windows: windows.length,
      'viewers’ process, % of a core': over(({ viewersPercent }) => viewersPercent),
      'from capture to a viewer of the worker, median ms': over(({ directMs }) => median(directMs)),
    };
    const slowest = (window: Window) => Math.min(...window.fps);
    const line = (result: Omit<RowResult, 'details'>): RowResult => ({ ...result, details: {} });
    return [
      {
        ...line({
          name: CPU_NAME,
          measured: over(({ apiPercent }) => apiPercent),
          target: 10,
          unit: '% of a core',
          compare: 'at most',
        }),
        details,
      },
      {
        ...line({
          name: '… fps of the slowest viewer',
          measured: over(slowest),
          // A window cuts a picture off at either end.
          target: 14.8,
          unit: 'fps',
          compare: 'at least',
        }),
        details: { 'median viewer': over(({ fps }) => median(fps)) },
      },
      line({
        name: '… connections to the worker',
        measured: Math.max(...windows.map(({ upstreams }) => upstreams)),
        target: 1,
        unit: '',
        compare: 'at most',
      }),
      {
        ...line({
          name: '… delay added by the proxy, p95',
          measured: over(({ addedMs }) => p95(addedMs)),
          target: 20,
          unit: 'ms',
          compare: 'at most',
        }),
        details: { median: over(({ addedMs }) => median(addedMs)) },
      },
    ];
  },
};

async function measureWindows(context: BenchContext): Promise<Window[]> {
  const clip = await context.clips.make(SMALL);
  using cameras = await Cameras.start({ clip, fps: SMALL.fps, count: 1 });
  await using fleet = await Fleet.start(context);
  const [url = ''] = cameras.urls;
  const cameraId = await fleet.api.addCamera('bench', { url, faces: false });
  await fleet.api.startStream(cameraId);
  await fleet.api.untilState(cameraId, 'streaming');
  using viewers = new Viewers(apiFeed(fleet, cameraId, 'width=640'), VIEWERS);
  using direct = new Viewers(await workerFeed(fleet, cameraId, 'width=640'), 1);
  await pauseSeconds(SETTLE_SECONDS);
  const windows: Window[] = [];
  for (let index = 0; index < WINDOWS; index += 1) {
    let seen: [SeenPart[][], SeenPart[][]] = [[], []];
    const use = await coreUse([fleet.apiPid, viewers.pid], async () => {
      seen = await Promise.all([viewers.watch(WINDOW_SECONDS), direct.watch(WINDOW_SECONDS)]);
    });
    const [many, [one = []]] = seen;
    windows.push({
      apiPercent: use.get(fleet.apiPid) ?? NaN,
      viewersPercent: use.get(viewers.pid) ?? NaN,
      fps: many.map((parts) => parts.length / WINDOW_SECONDS),
      addedMs: addedDelays(many, one),
      directMs: one.map(({ atMs, timestampMs }) => atMs - timestampMs),
      upstreams: await readMetric(fleet.api.url, 'camfleet_upstreams'),
    });
  }
  return windows;
}

/** How much later each viewer has a picture than one who asks the worker itself; pictures are told by their time. */
function addedDelays(viewers: SeenPart[][], direct: SeenPart[]): number[] {
  const directAt = new Map(direct.map(({ timestampMs, atMs }) => [timestampMs, atMs]));
  return viewers.flat().flatMap(({ timestampMs, atMs }) => {
    const at = directAt.get(timestampMs);
    return at === undefined ? [] : [atMs - at];
  });
}
