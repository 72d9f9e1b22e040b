import { join } from 'node:path';
import { ObjectsResult } from '@camfleet/protocol';
import { FULL_HD } from '../clips/bench-clip';
import { median } from '../measure/statistics';
import { startFileServer } from '../recorded/file-server';
import { BenchJobChild } from '../recorded/job-child';
import { repeatedAsVideo } from '../recorded/recorded-clip';
import type { BenchContext, BenchRow, RowResult } from '../row';

const ROUNDS = 3;
const TIMES = 4;
const FPS = 30;
const STRIDE = 3;

/** A whole job: the start of the models and the storing of snapshots included. */
export const recordedObjects: BenchRow = {
  number: 28,
  async run(context: BenchContext): Promise<RowResult[]> {
    const path = join(context.scratch, 'objects.mp4');
    const stream = await context.clips.make({ ...FULL_HD, fps: FPS });
    await repeatedAsVideo(stream, { fps: FPS, times: TIMES, path });
    await using server = await startFileServer(path);
    await using child = await BenchJobChild.start(context.root);
    const params = { sampling: 'stride', frame_stride: STRIDE };
    const wallMs: number[] = [];
    let videoSeconds = NaN;
    let tracks: ObjectsResult['tracks'] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const run = await child.run({ analysisType: 'objects', url: server.url, params });
      wallMs.push(run.wallMs);
      videoSeconds = (Number(run.metadata.sampled_frames) * STRIDE) / FPS;
      ({ tracks } = ObjectsResult.parse(run.rawResponse));
    }
    return [
      {
        name: `objects of 1080p30 at stride ${STRIDE}, tracks and snapshots: how much faster than the video plays`,
        measured: (videoSeconds * 1000) / median(wallMs),
        target: 1.5,
        unit: '×',
        compare: 'at least',
        details: {
          'video, s': videoSeconds,
          rounds: ROUNDS,
          tracks: tracks.length,
          snapshots: tracks.filter(({ snapshot }) => snapshot).length,
          'slowest, s': Math.max(...wallMs) / 1000,
        },
      },
    ];
  },
};
