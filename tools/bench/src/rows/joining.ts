import { type ClipSpec, FULL_HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { pause } from '../measure/pause';
import { median, p95 } from '../measure/statistics';
import type { BenchRow } from '../row';
import { apiFeed, firstPictureMs } from '../viewing/feed';

const JOINS = 24;
const SPARSE: ClipSpec = { ...FULL_HD, keyframeSeconds: 4 };
/** Longer than any picture of the last viewer is kept for the next one. */
const UNWATCHED_MS = 2_500;

export const joining: BenchRow = {
  number: 5,
  async run(context) {
    const clip = await context.clips.make(SPARSE);
    using cameras = await Cameras.start({ clip, fps: SPARSE.fps, count: 1 });
    await using fleet = await Fleet.start(context);
    const [url = ''] = cameras.urls;
    const cameraId = await fleet.api.addCamera('bench', { url, faces: false });
    await fleet.api.startStream(cameraId);
    await fleet.api.untilState(cameraId, 'streaming');
    const delaysMs: number[] = [];
    for (let index = 0; index < JOINS; index += 1) {
      await pause(UNWATCHED_MS + Math.random() * SPARSE.keyframeSeconds * 1000);
      delaysMs.push(await firstPictureMs(apiFeed(fleet, cameraId, 'width=640')));
    }
    return [
      {
        name: 'joining a camera that runs unwatched (1080p25, a keyframe each 4 s) → first picture, p95',
        measured: p95(delaysMs),
        target: 300,
        unit: 'ms',
        compare: 'at most',
        details: { n: JOINS, median: median(delaysMs), slowest: Math.max(...delaysMs) },
      },
    ];
  },
};
