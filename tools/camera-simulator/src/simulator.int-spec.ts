import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SourceError } from '@camfleet/domain';
import { type MediaSource, VideoDecoder, openSource } from '@camfleet/media';
import { type CameraSimulator, makeTestClip, startCameraSimulator } from './index';

const run = promisify(execFile);

describe('a simulated camera', () => {
  let folder: string;
  let simulator: CameraSimulator;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camfleet-simulator-'));
    const clip = join(folder, 'clip.h264');
    const otherClip = join(folder, 'other.h264');
    await makeTestClip({ path: clip, durationSeconds: 2 });
    await makeTestClip({ path: otherClip, width: 320, height: 240, durationSeconds: 2 });
    simulator = await startCameraSimulator({
      cameras: [
        { path: '/open', clip, otherClip },
        { path: '/locked', clip, username: 'user', password: 'p@ss' },
      ],
    });
  });
  afterEach(() => simulator.camera('/open').fault('none'));
  afterAll(async () => {
    await simulator.close();
    await rm(folder, { recursive: true });
  });

  const open = (path: string, credentials: { username?: string; password?: string } = {}) =>
    openSource({ settings: { url: simulator.url(path), ...credentials }, timeoutMs: 3_000 });
  const codeOf = (opening: Promise<MediaSource>) =>
    opening.then(
      async (source) => {
        await source.close();
        return 'opened';
      },
      (error: SourceError) => error.code,
    );

  it("plays in Debian's ffmpeg without a word of complaint, and its time goes on over the loop", async () => {
    const { stdout, stderr } = await run('ffprobe', [
      '-v',
      'warning',
      '-rtsp_transport',
      'tcp',
      '-select_streams',
      'v',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      '-read_intervals',
      '%+5',
      simulator.url('/open'),
    ]);
    const times = stdout
      .split('\n')
      .map((line) => parseFloat(line))
      .filter(Number.isFinite);
    expect(stderr).toBe('');
    // The clip lasts two seconds: these go over its end twice.
    expect(times.length).toBeGreaterThan(60);
    for (const [index, time] of times.entries()) {
      if (index > 0) expect(time - Number(times[index - 1])).toBeCloseTo(1 / 15, 2);
    }
  });

  it('lets in who knows the password, and nobody else', async () => {
    expect(await codeOf(open('/locked', { username: 'user', password: 'p@ss' }))).toBe('opened');
    expect(await codeOf(open('/locked', { username: 'user', password: 'wrong' }))).toBe(
      'SOURCE_UNAUTHORIZED',
    );
    expect(await codeOf(open('/locked'))).toBe('SOURCE_UNAUTHORIZED');
  });

  it.each([
    ['unauthorized', 'SOURCE_UNAUTHORIZED'],
    ['not-found', 'SOURCE_NOT_FOUND'],
    ['refuse', 'SOURCE_UNREACHABLE'],
  ] as const)('answers %s on demand', async (fault, code) => {
    simulator.camera('/open').fault(fault);
    expect(await codeOf(open('/open'))).toBe(code);
  });

  it('ends a connection on demand, and takes the player back', async () => {
    const source = await open('/open');
    await source.read();
    simulator.camera('/open').fault('drop');
    const rest = async () => {
      for (;;) {
        const packet = await source.read();
        if (!packet) return 'ended';
        packet.release();
      }
    };
    expect(await rest().catch((error: SourceError) => error.code)).toMatch(/ended|SOURCE_/);
    await source.close();
    expect(await codeOf(open('/open'))).toBe('opened');
  });

  it('changes its resolution on demand', async () => {
    const source = await open('/open');
    const decoder = await VideoDecoder.open(source.video, { hardware: 'off' });
    const widths = new Set<number>();
    simulator.camera('/open').fault('resolution');
    while (!widths.has(320)) {
      const packet = await source.read();
      if (!packet) break;
      for (const frame of await decoder.decode(packet)) {
        widths.add(frame.display.width);
        frame.release();
      }
      packet.release();
    }
    expect(widths).toContain(320);
    await decoder.close();
    await source.close();
  });

  it('serves fifty players at once', async () => {
    const sources = await Promise.all(Array.from({ length: 50 }, () => open('/open')));
    const packets = await Promise.all(sources.map((source) => source.read()));
    expect(packets.every(Boolean)).toBe(true);
    for (const packet of packets) packet?.release();
    await Promise.all(sources.map((source) => source.close()));
  });
});
