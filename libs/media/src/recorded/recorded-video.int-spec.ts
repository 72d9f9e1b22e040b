import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type HttpPeer, makeClip, sendFile, startHttpPeer } from '@camfleet/testing';
import { PictureScaler } from '../pictures/picture-scaler';
import type { RecordedVideoOptions } from './picture-stream';
import { RecordedVideo } from './recorded-video';
import type { Sampling } from './sampling';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'camfleet-recorded-'));
let server: HttpPeer;
/** What was asked for: `bytes=…` */
let ranges: string[] = [];
/** The first so many answers break after so many bytes. */
let breaks: { answers: number; afterBytes: number } = { answers: 0, afterBytes: 0 };

beforeAll(async () => {
  server = await startHttpPeer((request, response) => {
    ranges.push(String(request.headers.range));
    breaks.answers -= 1;
    const upTo = breaks.answers >= 0 ? breaks.afterBytes : undefined;
    const path = join(folder, decodeURIComponent(request.url ?? ''));
    sendFile(path, { request, response, ...(upTo !== undefined && { upTo }) }).catch(() =>
      response.writeHead(404).end(),
    );
  });
});

beforeEach(() => {
  ranges = [];
  breaks = { answers: 0, afterBytes: 0 };
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

interface Seen {
  times: number[];
  keyTimes: number[];
  sizes: Set<string>;
  motions: (number | undefined)[];
  truncated: boolean;
  info: RecordedVideo['info'];
}

async function watch(name: string, options: Partial<RecordedVideoOptions> = {}): Promise<Seen> {
  await using video = await RecordedVideo.open({
    url: `${server.url}/${name}`,
    sampling: { kind: 'stride', stride: 1 },
    signal: AbortSignal.timeout(60_000),
    ...options,
  });
  const motions: (number | undefined)[] = [];
  const seen = { times: [] as number[], keyTimes: [] as number[], sizes: new Set<string>(), motions };
  let index = (options.after?.index ?? -1) + 1;
  for await (const frame of video.frames()) {
    expect(frame.index).toBe(index);
    index += 1;
    seen.times.push(frame.timestampMs);
    if (frame.isKeyframe) seen.keyTimes.push(frame.timestampMs);
    seen.motions.push(frame.motion);
    seen.sizes.add(`${frame.picture.display.width}x${frame.picture.display.height}`);
  }
  return { ...seen, truncated: video.isTruncated, info: video.info };
}

/** By how much a line of the fourth picture differs from the two beside it, on average. */
async function unevenness(name: string): Promise<number> {
  const sampling: Sampling = { kind: 'stride', stride: 3 };
  const signal = AbortSignal.timeout(60_000);
  await using video = await RecordedVideo.open({ url: `${server.url}/${name}`, sampling, signal });
  const scaler = new PictureScaler();
  for await (const { index, picture } of video.frames()) {
    if (index === 0) continue;
    using yuv = await scaler.toYuv(picture, picture.display);
    const [{ data, stride }] = yuv.planes();
    let sum = 0;
    for (let at = stride; at < data.length - stride; at += 1)
      sum += Math.abs(2 * (data[at] ?? 0) - (data[at - stride] ?? 0) - (data[at + stride] ?? 0));
    scaler.close();
    return sum / data.length;
  }
  throw new Error(`${name} has too few pictures.`);
}

/** The times of all pictures in ms since the first, as Debian's ffprobe tells them. */
async function probed(name: string): Promise<number[]> {
  const entries = 'frame=best_effort_timestamp_time';
  const args = ['-v', 'error', '-select_streams', 'v:0', '-show_entries', entries, '-of', 'csv=p=0'];
  const { stdout } = await run('ffprobe', [...args, join(folder, name)]);
  const times = stdout.split('\n').flatMap((line) => (line.trim() ? [parseFloat(line) * 1000] : []));
  // Of an AVI's last frame it knows no time.
  return times.map((time, index) => (Number.isNaN(time) ? index * 40 : time - (times[0] ?? 0)));
}

/** Every fifth frame a little later, some missing. */
const VFR = [
  '-vf',
  "select='not(eq(mod(n,7),3))',setpts='PTS+if(eq(mod(N,5),0),0.013,0)/TB'",
  '-fps_mode',
  'vfr',
  '-enc_time_base',
  '1/1000',
];
const CLIPS: [name: string, output: string[]][] = [
  ['b-frames.mp4', ['-bf', '3', '-g', '20']],
  ['late-start.ts', ['-bf', '3', '-g', '20', '-output_ts_offset', '5000']],
  ['vfr.mp4', [...VFR, '-video_track_timescale', '90000', '-bf', '2']],
  ['vfr.mkv', [...VFR, '-bf', '2']],
  ['hevc.mp4', ['-c:v', 'libx265', '-x265-params', 'log-level=none:bframes=4']],
  ['mpeg4.avi', ['-c:v', 'mpeg4', '-bf', '2', '-g', '20']],
  ['interlaced.ts', ['-c:v', 'mpeg2video', '-flags', '+ildct+ilme', '-bf', '2']],
  ['ntsc.mp4', ['-r', '30000/1001', '-bf', '3']],
  ['trimmed.mp4', ['-bf', '3', '-g', '20', '-ss', '0.35']],
  ['open-gop.mp4', ['-bf', '3', '-g', '25', '-x264-params', 'open-gop=1:scenecut=0']],
  ['vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8']],
];

/** Groups of pictures that overlap, no times of showing, a first picture that is no keyframe, one clock after the other. */
const HARD_KEYFRAMES = ['open-gop.mp4', 'mpeg4.avi', 'cut-at-front.mp4', 'twice.ts'];

/** With an index and without, with steady times and without, with times of the container and without. */
const RESUMED = ['b-frames.mp4', 'open-gop.mp4', 'late-start.ts', 'vfr.mkv', 'trimmed.mp4', 'mpeg4.avi'];

describe('a recorded video', () => {
  beforeAll(async () => {
    for (const [name, output] of CLIPS)
      await makeClip({ path: join(folder, name), size: '128x72', fps: 25, seconds: 4, output });
  });

  it.each(CLIPS.map(([name]) => name))(
    'gives each frame of %s with its time, right to 1 ms',
    async (name) => {
      const [seen, expected] = await Promise.all([watch(name), probed(name)]);
      expect(seen.times).toHaveLength(expected.length);
      const errors = seen.times.map((time, index) => Math.abs(time - (expected[index] ?? Infinity)));
      expect(Math.max(...errors)).toBeLessThanOrEqual(1);
      expect(seen.truncated).toBe(false);
    },
  );

  it.each(HARD_KEYFRAMES)(
    'gives the keyframes of %s alone with the times that they have among all',
    async (name) => {
      const path = (file: string) => join(folder, file);
      const late = ['-v', 'error', '-y', '-ss', '0.5', '-i', path('b-frames.mp4'), '-c', 'copy'];
      if (name === 'cut-at-front.mp4') await run('ffmpeg', [...late, path(name)]);
      const once = await readFile(path('late-start.ts'));
      if (name === 'twice.ts') await writeFile(path(name), Buffer.concat([once, once]));
      const all = await watch(name);
      const keyframes = await watch(name, { sampling: { kind: 'keyframes' } });
      expect(keyframes.times).toEqual([...new Set([0, ...all.keyTimes])]);
      expect(keyframes.times.length).toBeGreaterThan(3);
      expect(keyframes.truncated).toBe(false);
    },
  );

  const samplings: Sampling[] = [
    { kind: 'fps', fps: 3 },
    { kind: 'stride', stride: 7 },
    { kind: 'keyframes' },
    { kind: 'adaptive', fps: 1, motionThreshold: 0.001 },
  ];
  it.each(RESUMED.flatMap((name) => samplings.map((sampling) => ({ name, sampling, kind: sampling.kind }))))(
    'takes the same frames of $name by $kind after a worker died as without',
    async ({ name, sampling }) => {
      const whole = await watch(name, { sampling });
      for (const index of [0, Math.floor(whole.times.length / 2), whole.times.length - 1]) {
        const after = { index, timestampMs: whole.times[index] ?? 0 };
        const rest = await watch(name, { sampling, after });
        expect(rest.times).toEqual(whole.times.slice(index + 1));
        expect(rest.motions).toEqual(whole.motions.slice(index + 1));
        expect(rest.truncated).toBe(false);
      }
    },
  );

  it.each(['b-frames.mp4', 'ntsc.mp4', 'vfr.mkv', 'mpeg4.avi'])(
    'takes the first frame of each second fraction of %s, though most are never decoded',
    async (name) => {
      const { times } = await watch(name, { sampling: { kind: 'fps', fps: 3 } });
      const all = (await watch(name)).times;
      const cell = (time: number) => Math.floor((time + 1) / (1000 / 3));
      const firsts = all.filter((time, index) => index === 0 || cell(time) > cell(all[index - 1] ?? 0));
      expect(times).toEqual(firsts);
    },
  );

  it('looks twice as often where something moves, and only there', async () => {
    const still = ['-vf', 'loop=loop=-1:size=1,trim=duration=4,setpts=N/25/TB', '-frames:v', '100'];
    await makeClip({ path: join(folder, 'still.mp4'), size: '128x72', fps: 25, seconds: 4, output: still });
    const sampling: Sampling = { kind: 'adaptive', fps: 1, motionThreshold: 0.005 };
    expect((await watch('still.mp4', { sampling })).times).toEqual([0, 1000, 2000, 3000]);
    const moving = await watch('b-frames.mp4', { sampling });
    expect(moving.times).toEqual([0, 520, 1000, 1520, 2000, 2520, 3000, 3520]);
  });

  it('says when a player shows the first picture, where the sound begins before it', async () => {
    const late = ['-itsoffset', '0.8', '-i', join(folder, 'b-frames.mp4')];
    const sound = ['-f', 'lavfi', '-i', 'sine', '-t', '2', '-c:v', 'copy', '-c:a', 'aac'];
    await run('ffmpeg', ['-v', 'error', '-y', ...late, ...sound, join(folder, 'late.mp4')]);
    const { info, times } = await watch('late.mp4', { sampling: { kind: 'fps', fps: 1 } });
    expect(times[0]).toBe(0);
    expect(Math.abs(info.firstPictureMs - 800)).toBeLessThanOrEqual(1);
  });

  it('shows rotated and stretched pictures upright, and follows a change of size', async () => {
    const path = (name: string) => join(folder, name);
    await makeClip({ path: path('sar.mp4'), size: '128x72', output: ['-vf', 'setsar=2/1'] });
    const turned = ['-metadata:s:v:0', 'rotate=90', '-c', 'copy', path('turned.mp4')];
    await run('ffmpeg', ['-v', 'error', '-y', '-i', path('b-frames.mp4'), ...turned]);
    expect((await watch('turned.mp4')).sizes).toEqual(new Set(['72x128']));
    const output = ['-c:v', 'libx264'];
    await makeClip({ path: path('small.ts'), size: '64x36', output });
    await makeClip({ path: path('large.ts'), size: '128x72', output });
    await writeFile(
      path('both.ts'),
      Buffer.concat([await readFile(path('small.ts')), await readFile(path('large.ts'))]),
    );
    expect((await watch('sar.mp4')).sizes).toEqual(new Set(['256x72']));
    const both = await watch('both.ts');
    expect(both.sizes).toEqual(new Set(['64x36', '128x72']));
    expect(both.times).toHaveLength(20);
    expect(both.times.every((time, index) => index === 0 || time > (both.times[index - 1] ?? 0))).toBe(true);
  });

  it('shows no combs where something moves in an interlaced recording', async () => {
    const moving = (filters: string) => [
      '-vf',
      `scroll=horizontal=0.02${filters}`,
      '-c:v',
      'mpeg2video',
      '-q:v',
      '2',
    ];
    const fields = ['-flags', '+ildct+ilme'];
    const clip = { size: '320x180', fps: 50 };
    await makeClip({ ...clip, path: join(folder, 'frames.ts'), output: moving('') });
    await makeClip({
      ...clip,
      path: join(folder, 'fields.ts'),
      output: [...moving(',interlace'), ...fields],
    });
    const [combed, plain] = [await unevenness('fields.ts'), await unevenness('frames.ts')];
    expect(combed).toBeLessThan(1.5 * plain);
  });

  it.each(['cut.mp4', 'cut.mkv'])(
    'gives of %s, which ends in the middle, what it had, and says so',
    async (name) => {
      const path = join(folder, name);
      const output = ['-g', '20', ...(name.endsWith('mp4') ? ['-movflags', '+faststart'] : [])];
      await makeClip({ path, size: '128x72', fps: 25, seconds: 6, output });
      await truncate(path, Math.floor((await readFile(path)).length / 2));
      for (const sampling of [{ kind: 'stride', stride: 1 }, { kind: 'keyframes' }] as const) {
        const seen = await watch(name, { sampling });
        expect(seen.truncated).toBe(true);
        expect(seen.times.length).toBeGreaterThan(0);
        // The pictures that were held back for reordering when the bytes ended are among them.
        if (sampling.kind === 'stride') expect(seen.times).toHaveLength((await probed(name)).length);
      }
    },
  );

  it('reads on where the connection broke, and never takes that for the end', async () => {
    breaks = { answers: 3, afterBytes: 20_000 };
    const seen = await watch('b-frames.mp4');
    expect(seen.times).toHaveLength(100);
    expect(seen.truncated).toBe(false);
    expect(ranges.length).toBeGreaterThan(3);
  });

  it('gives up a server that stays away, with a reason', async () => {
    breaks = { answers: Infinity, afterBytes: 5_000 };
    const watching = watch('b-frames.mp4', { patienceMs: 300 });
    // Each answer brings some bytes: only the bytes after the header tell who is patient for ever.
    await expect(watching).resolves.toMatchObject({ truncated: false });
    await expect(watch('missing.mp4')).rejects.toMatchObject({ code: 'SOURCE_NOT_FOUND' });
  });

  it('reads an index at the end without the middle', async () => {
    const path = join(folder, 'index-at-end.mp4');
    await makeClip({ path, size: '320x180', fps: 25, seconds: 8, output: ['-b:v', '4M', '-g', '25'] });
    const { length } = await readFile(path);
    const sampling = { kind: 'keyframes' } as const;
    const seen = await watch('index-at-end.mp4', { sampling, after: { index: 6, timestampMs: 6000 } });
    expect(seen.times).toEqual([7000]);
    const firstBytes = ranges.map((range) => Number(/\d+/.exec(range)?.[0]));
    expect(firstBytes.some((first) => first > length / 2)).toBe(true);
  });

  it('takes the cover of a song for no video', async () => {
    const cover = join(folder, 'cover.jpg');
    await makeClip({ path: cover, output: ['-frames:v', '1', '-update', '1'] });
    const sound = ['-f', 'lavfi', '-i', 'sine=d=1', '-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy'];
    const output = ['-c:a', 'aac', '-disposition:v:0', 'attached_pic', join(folder, 'song.mp4')];
    await run('ffmpeg', ['-v', 'error', '-y', ...sound, ...output]);
    await expect(watch('song.mp4')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
  });

  it('opens no address that a file names, and refuses what is no video by a code', async () => {
    const lists: Record<string, string> = {
      'list.m3u8': `#EXTM3U\n#EXTINF:1,\n${server.url}/b-frames.mp4\n`,
      'list.mp4': `ffconcat version 1.0\nfile ${server.url}/b-frames.mp4\n`,
      'page.mp4': '<html></html>',
      'empty.mp4': '',
    };
    for (const [name, text] of Object.entries(lists)) {
      await writeFile(join(folder, name), text);
      await expect(watch(name)).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    }
    expect(ranges).toHaveLength(Object.keys(lists).length);
    await expect(watch('b-frames.mp4', { url: 'file:///etc/passwd' })).rejects.toMatchObject({
      code: 'SOURCE_INVALID',
    });
  });

  it('refuses bombs by its limits before it decodes them', async () => {
    const limits = { maxDurationMs: 1_000 };
    await expect(watch('b-frames.mp4', { limits })).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
    await expect(watch('b-frames.mp4', { limits: { maxFps: 10 } })).rejects.toMatchObject({
      code: 'SOURCE_UNSUPPORTED',
    });
    // Matroska's times are whole ms: of a thousand pictures in one all but the first bear no time of their own.
    const output = ['-preset', 'ultrafast'];
    await makeClip({ path: join(folder, 'bomb.mkv'), size: '64x64', fps: 1_000_000, seconds: 0.005, output });
    await expect(watch('bomb.mkv')).rejects.toMatchObject({ code: 'SOURCE_UNSUPPORTED' });
  });
});
