import { HD } from '../clips/bench-clip';
import { Cameras } from '../fleet/cameras';
import { Fleet } from '../fleet/fleet';
import { pauseSeconds } from '../measure/pause';
import { processTree, rssBytes } from '../measure/processes';
import { median } from '../measure/statistics';
import type { BenchRow } from '../row';
import { workerFeed, watchFeed } from '../viewing/feed';

const CAMERAS = 4;
/** Each camera loses its connection this often, one after the other. */
const DROP_EVERY_SECONDS = 20;
const SAMPLE_SECONDS = 5;
/** The beginning, in which caches and pools fill, is a tenth of the time. */
const WARM_UP_SHARE = 0.1;
const MEBIBYTE = 1024 ** 2;

export const memory: BenchRow = {
  number: 8,
  async run(context) {
    const clip = await context.clips.make(HD);
    using cameras = await Cameras.start({ clip, fps: HD.fps, count: CAMERAS });
    await using fleet = await Fleet.start(context);
    const ids: string[] = [];
    for (const [index, url] of cameras.urls.entries()) {
      const cameraId = await fleet.api.addCamera(`bench ${index}`, { url, faces: true });
      await fleet.api.startStream(cameraId);
      ids.push(cameraId);
    }
    const [watched = ''] = ids;
    await fleet.api.untilState(watched, 'streaming');
    using viewer = watchFeed(await workerFeed(fleet, watched, 'width=640&fps=10'), () => undefined);
    void viewer.ended.then((failure) => failure && context.say(`The viewer was cut off: ${failure.message}`));
    const samples = await sample(fleet, { minutes: context.soakMinutes, cameras });
    const statuses = await Promise.all(ids.map((id) => fleet.api.status(id)));
    const about = (share: number) => around(samples, share);
    const [early, late] = [about(WARM_UP_SHARE), about(1)];
    const names = ['API', 'worker, parent', ...late.slice(2).map((_, index) => `child ${index + 1}`)];
    const sum = (list: number[]) => list.reduce((total, bytes) => total + bytes, 0);
    return [
      {
        name: `growth of memory, minute ${minute(context, WARM_UP_SHARE)} → ${context.soakMinutes}, 4 cameras with reconnects`,
        measured: 100 * (sum(late) / sum(early) - 1),
        target: 5,
        unit: '%',
        compare: 'at most',
        details: {
          'all, MiB': `${mebibytes(sum(early))} → ${mebibytes(sum(late))}`,
          ...Object.fromEntries(
            names.map((name, index) => [
              name,
              `${mebibytes(early[index] ?? NaN)} → ${mebibytes(late[index] ?? NaN)}`,
            ]),
          ),
          reconnects: statuses.reduce((total, { restarts }) => total + restarts, 0),
          'streaming at the end': statuses.filter(({ state }) => state === 'streaming').length,
          soak: context.soakMinutes >= 30 ? 'whole' : 'shortened: the target is for 30 minutes',
        },
      },
    ];
  },
};

const mebibytes = (bytes: number) => Math.round(bytes / MEBIBYTE);
const minute = ({ soakMinutes }: { soakMinutes: number }, share: number) =>
  Number((soakMinutes * share).toPrecision(2));

/** RSS of every process, each few seconds; the cameras drop their connections meanwhile. */
async function sample(
  fleet: Fleet,
  { minutes, cameras }: { minutes: number; cameras: Cameras },
): Promise<number[][]> {
  const samples: number[][] = [];
  const count = Math.round((minutes * 60) / SAMPLE_SECONDS);
  for (let index = 0; index < count; index += 1) {
    const everySamples = DROP_EVERY_SECONDS / CAMERAS / SAMPLE_SECONDS;
    if (index % everySamples === 0) cameras.drop(Math.floor(index / everySamples) % CAMERAS);
    await pauseSeconds(SAMPLE_SECONDS);
    samples.push([fleet.apiPid, ...processTree(fleet.worker.pid)].map(rssBytes));
  }
  return samples;
}

/** By process, the median of a tenth of the time around this share of it. */
function around(samples: number[][], share: number): number[] {
  const half = Math.max(1, Math.round(samples.length * 0.05));
  const end = Math.min(samples.length, Math.round(samples.length * share) + half);
  const part = samples.slice(Math.max(0, end - 2 * half), end);
  return (part[0] ?? []).map((_, index) => median(part.map((sampled) => sampled[index] ?? NaN)));
}
