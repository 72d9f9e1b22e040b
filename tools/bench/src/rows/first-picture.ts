import { HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { pause } from '../measure/pause';
import { median, p95 } from '../measure/statistics';
import type { BenchRow } from '../row';
import { apiFeed, firstPictureMs } from '../viewing/feed';

const STARTS = 24;

export const firstPicture: BenchRow = {
  number: 4,
  async run(context) {
    const clip = await context.clips.make(HD);
    using cameras = await Cameras.start({ clip, fps: HD.fps, count: 1 });
    await using fleet = await Fleet.start(context);
    const [url = ''] = cameras.urls;
    const cameraId = await fleet.api.addCamera('bench', { url, faces: true });
    const delaysMs: number[] = [];
    for (let index = 0; index < STARTS; index += 1) {
      const startedAt = performance.now();
      await fleet.api.startStream(cameraId);
      await firstPictureMs(apiFeed(fleet, cameraId, 'width=640'));
      delaysMs.push(performance.now() - startedAt);
      await fleet.api.stopStream(cameraId);
      await pause(500 + Math.random() * 1000);
    }
    return [
      {
        name: 'POST …/stream/start → first live JPEG (720p15, a keyframe each second), p95',
        measured: p95(delaysMs) / 1000,
        target: 1.5,
        unit: 's',
        compare: 'at most',
        details: { n: STARTS, median: median(delaysMs) / 1000, slowest: Math.max(...delaysMs) / 1000 },
      },
    ];
  },
};
