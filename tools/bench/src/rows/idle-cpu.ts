import { FULL_HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { ffmpegVersion, NO_FFMPEG, REFERENCE_WORK } from '../reference/ffmpeg';
import type { BenchRow } from '../row';
import { alternate, medianOf } from './side-by-side';
import { ffmpegWindow, workerWindow } from './worker-windows';

const PAIRS = 5;
const NAME = 'worker: 1080p25, no viewer, no analysis; ÷ ffmpeg -threads 1 -f null';

export const idleCpu: BenchRow = {
  number: 2,
  async run(context) {
    const target = { name: NAME, target: 0.15, unit: '×', compare: 'at most' } as const;
    if (!(await ffmpegVersion())) return [{ ...target, measured: undefined, details: NO_FFMPEG }];
    const clip = await context.clips.make(FULL_HD);
    using cameras = await Cameras.start({ clip, fps: FULL_HD.fps, count: 1 });
    await using fleet = await Fleet.start(context);
    const [url = ''] = cameras.urls;
    const cameraId = await fleet.api.addCamera('bench', { url, faces: false });
    const pairs = await alternate(PAIRS, {
      a: () => workerWindow({ fleet, cameraId }),
      b: () => ffmpegWindow(url, REFERENCE_WORK.decodeOnly),
    });
    return [
      {
        ...target,
        measured: medianOf(pairs, ({ a, b }) => a.all / b),
        details: {
          'worker, % of a core': medianOf(pairs, ({ a }) => a.all),
          'its parent': medianOf(pairs, ({ a }) => a.parent),
          'its children': medianOf(pairs, ({ a }) => a.children),
          'ffmpeg, % of a core': medianOf(pairs, ({ b }) => b),
          pairs: pairs.length,
        },
      },
    ];
  },
};
