import { type ClipSpec, HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { pauseSeconds } from '../measure/pause';
import { median, p95 } from '../measure/statistics';
import type { BenchRow } from '../row';

const CAMERAS = 4;
const WANTED = 40;
const MAX_SECONDS = 150;
const PASSING: ClipSpec = { ...HD, face: 'passing' };

export const eventDelay: BenchRow = {
  number: 6,
  async run(context) {
    const clip = await context.clips.make(PASSING);
    using cameras = await Cameras.start({ clip, fps: PASSING.fps, count: CAMERAS });
    await using fleet = await Fleet.start(context);
    for (const [index, url] of cameras.urls.entries()) {
      await fleet.api.startStream(await fleet.api.addCamera(`bench ${index}`, { url, faces: true }));
    }
    const deadline = performance.now() + MAX_SECONDS * 1000;
    let delaysMs: number[] = [];
    while (delaysMs.length < WANTED && performance.now() < deadline) {
      await pauseSeconds(2);
      const events = await fleet.api.faceEvents();
      delaysMs = events
        .filter(({ state }) => state === 'new')
        .map(({ occurredAt, receivedAt }) => Date.parse(receivedAt) - Date.parse(occurredAt));
    }
    return [
      {
        name: 'capture of the frame that confirmed a track → its event stored, p95',
        measured: p95(delaysMs),
        target: 400,
        unit: 'ms',
        compare: 'at most',
        details: {
          n: delaysMs.length,
          cameras: `${CAMERAS} × 720p15`,
          median: median(delaysMs),
          slowest: Math.max(...delaysMs),
        },
      },
    ];
  },
};
