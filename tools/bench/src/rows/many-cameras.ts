import { HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { readMetric } from '../measure/metrics';
import { pauseSeconds } from '../measure/pause';
import { coreUse, processTree } from '../measure/processes';
import type { BenchContext, BenchRow } from '../row';

const WANTED = 12;
const STEP = 2;
const SETTLE_SECONDS = 15;
const WINDOW_SECONDS = 60;
const FACES_FPS = 5;
/** Of the frames that are due; fewer tell of a camera whose video did not come, or was not decoded, in time. */
const MAX_MISSING = 0.02;

interface Window {
  cameras: number;
  /** By the clock. */
  due: number;
  analysed: number;
  /** Had waited for over 200 ms. */
  late: number;
  /** A newer one came before their turn. */
  dropped: number;
  /** Percent of a core. */
  system: number;
  simulator: number;
}

export const manyCameras: BenchRow = {
  number: 22,
  async run(context) {
    const windows: Window[] = [];
    for (let cameras = WANTED; cameras > 0; cameras -= STEP) {
      const window = await measure(context, cameras);
      windows.push(window);
      context.say(JSON.stringify(window));
      if (isGood(window)) break;
    }
    const [most] = windows;
    const best = windows.find(isGood);
    if (!most) throw new Error('Nothing was measured.');
    return [
      {
        name: '720p15 streams with faces at 5 fps, one person each, no frame waiting over 200 ms',
        measured: best?.cameras ?? 0,
        target: WANTED,
        unit: 'streams',
        compare: 'at least',
        details: {
          ...Object.fromEntries(windows.map((window) => [`${window.cameras} streams`, inWords(window)])),
          [`API and worker at ${most.cameras}, % of a core`]: most.system,
          'the RTSP cameras, % of a core, not counted': most.simulator,
        },
      },
    ];
  },
};

async function measure(context: BenchContext, count: number): Promise<Window> {
  const clip = await context.clips.make(HD);
  using cameras = await Cameras.start({ clip, fps: HD.fps, count });
  await using fleet = await Fleet.start(context);
  for (const [index, url] of cameras.urls.entries()) {
    const id = await fleet.api.addCamera(`bench ${index}`, { url, faces: true });
    await fleet.api.startStream(id);
    await fleet.api.untilState(id, 'streaming');
  }
  await pauseSeconds(SETTLE_SECONDS);
  const before = await framesOf(fleet);
  const pids = [fleet.apiPid, ...processTree(fleet.worker.pid), cameras.pid];
  const startedAt = performance.now();
  const use = await coreUse(pids, () => pauseSeconds(WINDOW_SECONDS));
  const after = await framesOf(fleet);
  const seconds = (performance.now() - startedAt) / 1000;
  const simulator = use.get(cameras.pid) ?? 0;
  return {
    cameras: count,
    due: Math.round(count * FACES_FPS * seconds),
    analysed: after.analysed - before.analysed,
    late: after.late - before.late,
    dropped: after.dropped - before.dropped,
    system: [...use.values()].reduce((sum, share) => sum + share, 0) - simulator,
    simulator,
  };
}

async function framesOf({ worker }: Fleet) {
  const count = (kind: string) => readMetric(worker.url, `camfleet_worker_child_${kind}_frames_total`);
  return { analysed: await count('analysed'), late: await count('late'), dropped: await count('dropped') };
}

const missingOf = ({ due, analysed, dropped }: Window) => Math.max(0, due - analysed - dropped);

function isGood(window: Window): boolean {
  return window.late + window.dropped === 0 && missingOf(window) <= MAX_MISSING * window.due;
}

function inWords(window: Window): string {
  const { due, late, dropped } = window;
  return `of ${due} frames due ${late} late, ${dropped} dropped, ${missingOf(window)} never offered`;
}
