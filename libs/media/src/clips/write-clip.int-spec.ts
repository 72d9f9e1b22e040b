import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeClip } from '@camfleet/testing';
import type { MediaPacket } from '../sources/media-packet';
import { openSource } from '../sources/open-source';
import { writeClip } from './write-clip';

const run = promisify(execFile);
const START_MS = 1_700_000_000_000;

interface ShownPicture {
  ms: number;
  md5: string;
}

/** What a player shows, as ffmpeg decodes it. */
async function shown(path: string): Promise<ShownPicture[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-an', '-f', 'framemd5', '-']);
  const perSecond = Number(/#tb 0: 1\/(\d+)/.exec(stdout)?.[1]);
  const rows = stdout.split('\n').filter((line) => line && !line.startsWith('#'));
  return rows.map((row) => {
    const [, , pts, , , md5 = ''] = row.split(',').map((field) => field.trim());
    return { ms: Math.round((Number(pts) * 1000) / perSecond), md5 };
  });
}

describe('a clip', () => {
  let folder: string;
  beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'camfleet clip '))));
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['H.264 with B-frames', 'mp4', ['-c:v', 'libx264', '-bf', '3', '-g', '10']],
    ['HEVC', 'mp4', ['-c:v', 'libx265', '-x265-params', 'log-level=none']],
    ['H.264 as cameras send it', 'ts', ['-c:v', 'libx264', '-bf', '0', '-g', '10']],
  ])('of %s shows the very pictures, each when it was taken', async (_, ending, output) => {
    const original = join(folder, `original.${ending}`);
    await makeClip({ path: original, seconds: 2, output });
    const source = await openSource({ settings: { url: `file:original.${ending}` }, mediaDirectory: folder });
    const packets: MediaPacket[] = [];
    for (let packet = await source.read(); packet; packet = await source.read()) {
      packet.captureTimeMs = START_MS + packets.length * 100;
      packets.push(packet);
    }
    await source.close();

    const clip = join(folder, 'clip.mp4');
    await writeClip(clip, { packets, size: { width: 320, height: 180 } });
    for (const packet of packets) packet.release();

    const [before, after] = [await shown(original), await shown(clip)];
    expect(after.map(({ md5 }) => md5)).toEqual(before.map(({ md5 }) => md5));
    after.forEach(({ ms }, index) => expect(Math.abs(ms - index * 100)).toBeLessThanOrEqual(1));
  });
});
