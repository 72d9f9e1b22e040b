import { FULL_HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { ffmpegVersion, NO_FFMPEG, REFERENCE_WORK } from '../reference/ffmpeg';
import type { BenchRow } from '../row';
import { alternate, medianOf } from './side-by-side';
import { ffmpegWindow, workerWindow } from './worker-windows';

const PAIRS = 5;
const NAME = 'worker: 1080p25, faces at 5 fps, one viewer 640@10, without the models; ÷ ffmpeg -threads 1';

export const workerCpu: BenchRow = {
  number: 1,
  async run(context) {
    const target = { name: NAME, target: 1.1, unit: '×', compare: 'at most' } as const;
    if (!(await ffmpegVersion())) return [{ ...target, measured: undefined, details: NO_FFMPEG }];
    const clip = await context.clips.make(FULL_HD);
    using cameras = await Cameras.start({ clip, fps: FULL_HD.fps, count: 1 });
    await using fleet = await Fleet.start(context);
    const [url = ''] = cameras.urls;
    const cameraId = await fleet.api.addCamera('bench', { url, faces: true });
    const pairs = await alternate(PAIRS, {
      a: () => workerWindow({ fleet, cameraId, viewerQuery: 'width=640&fps=10' }),
      b: () => ffmpegWindow(url, REFERENCE_WORK.viewerAndDetector),
    });
    const percent = (read: (pair: (typeof pairs)[number]) => number) => medianOf(pairs, read);
    return [
      {
        ...target,
        measured: percent(({ a, b }) => (a.all - a.models) / b),
        details: {
          'worker, % of a core': percent(({ a }) => a.all),
          'its parent': percent(({ a }) => a.parent),
          'its children': percent(({ a }) => a.children),
          'of them in the models': percent(({ a }) => a.models),
          'ffmpeg, % of a core': percent(({ b }) => b),
          'viewer fps': percent(({ a }) => a.viewerFps),
          'face events': (await fleet.api.faceEvents()).length,
          pairs: pairs.length,
        },
      },
    ];
  },
};
