import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VideoDecoder, openSource } from '@camfleet/media';
import { makeClip } from './clips';
import { type NginxRtmpPeer, startNginxRtmp } from './nginx-rtmp';
import { until } from './until';

/** The width of the first picture that a source of ours decodes. */
async function firstWidth(url: string): Promise<number> {
  const source = await openSource({ settings: { url }, timeoutMs: 8_000 });
  const decoder = await VideoDecoder.open(source.video, { hardware: 'off' });
  try {
    for (;;) {
      const packet = await source.read();
      if (!packet) throw new Error('The source ended before its first picture.');
      const [frame, ...rest] = await decoder.decode(packet);
      packet.release();
      for (const other of rest) other.release();
      if (!frame) continue;
      const { width } = frame.display;
      frame.release();
      return width;
    }
  } finally {
    await decoder.close();
    await source.close();
  }
}

describe("cameras behind a streaming server of somebody else's", () => {
  let folder: string;
  let server: NginxRtmpPeer;
  let publisher: AsyncDisposable;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camfleet-rtmp-'));
    const clip = join(folder, 'clip.mp4');
    await makeClip({ path: clip, seconds: 4, output: ['-c:v', 'libx264', '-bf', '0', '-g', '10'] });
    server = await startNginxRtmp();
    publisher = await server.publish('cam1', clip);
  }, 30_000);
  afterAll(async () => {
    await publisher[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  it('are seen over RTMP', async () => {
    expect(await firstWidth(server.rtmpUrl('cam1'))).toBe(320);
  }, 20_000);

  it('are seen over HLS', async () => {
    await until('the playlist is there', async () => (await fetch(server.hlsUrl('cam1'))).ok, 15_000);
    expect(await firstWidth(server.hlsUrl('cam1'))).toBe(320);
  }, 40_000);
});
