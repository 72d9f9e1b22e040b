import { type ClipSpec, HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { readMetric } from '../measure/metrics';
import { pauseSeconds } from '../measure/pause';
import type { BenchRow } from '../row';

const CAMERAS = 4;
/** The gate learns a scene's noise meanwhile. */
const SETTLE_SECONDS = 30;
const WINDOW_SECONDS = 120;
const STILL: ClipSpec = { ...HD, face: 'none' };

export const stillScene: BenchRow = {
  number: 25,
  async run(context) {
    const clip = await context.clips.make(STILL);
    using cameras = await Cameras.start({ clip, fps: STILL.fps, count: CAMERAS });
    await using fleet = await Fleet.start(context);
    for (const [index, url] of cameras.urls.entries()) {
      const id = await fleet.api.addCamera(`bench ${index}`, { url, faces: true, motionGate: true });
      await fleet.api.startStream(id);
      await fleet.api.untilState(id, 'streaming');
    }
    const looks = () => readMetric(fleet.worker.url, 'camfleet_worker_child_analysed_frames_total');
    await pauseSeconds(SETTLE_SECONDS);
    const before = await looks();
    const startedAt = performance.now();
    await pauseSeconds(WINDOW_SECONDS);
    const minutes = (performance.now() - startedAt) / 60_000;
    return [
      {
        name: 'still scene with a sensor’s noise: detector runs a camera and minute',
        measured: ((await looks()) - before) / minutes / CAMERAS,
        target: 5,
        unit: '',
        compare: 'at most',
        details: {
          cameras: `${CAMERAS} × 720p15, faces at 5 fps, motionGate`,
          'in the first half minute, all': before,
          minutes,
          faces: (await fleet.api.faceEvents()).length,
        },
      },
    ];
  },
};
