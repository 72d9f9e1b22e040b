import { encodeVideoPart } from '@camfleet/protocol';
import { fakeServer } from '../testing/fake-socket';
import { VideoClient, type VideoFrame } from './video-client';

const WISH = { width: 640, overlay: true, fps: 15 };

function part(cameraId: string): ArrayBuffer {
  const bytes = encodeVideoPart({ cameraId, timestampMs: 1, slate: false }, new Uint8Array([1, 2, 3]));
  return new Uint8Array(bytes).buffer;
}

const settle = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

describe('VideoClient', () => {
  beforeEach(() => jest.useFakeTimers({ doNotFake: ['queueMicrotask'] }));
  afterEach(() => jest.useRealTimers());

  function opened() {
    const server = fakeServer();
    const client = new VideoClient({ connect: server.connect, random: () => 1 });
    client.start();
    server.last().onopen?.();
    return { server, client };
  }

  it('asks for the next frame only when the last one is on screen, so that a slow screen skips', async () => {
    const { server, client } = opened();
    let drawn: () => void = () => undefined;
    const frames: VideoFrame[] = [];
    const draw = (frame: VideoFrame) => {
      frames.push(frame);
      return new Promise<void>((resolve) => (drawn = resolve));
    };
    client.show('a', { wish: WISH, draw });
    await settle();
    server.last().says(part('a'));
    await settle();
    expect(frames.map(({ jpeg }) => [...jpeg])).toEqual([[1, 2, 3]]);
    expect(server.last().sent).toEqual([{ type: 'subscribe', cameraId: 'a', ...WISH }]);
    drawn();
    await settle();
    expect(server.last().sent.at(-1)).toEqual({ type: 'ack', cameraId: 'a' });
  });

  it('goes on after a picture that cannot be drawn', async () => {
    const { server, client } = opened();
    client.show('a', { wish: WISH, draw: () => Promise.reject(new Error('no JPEG')) });
    await settle();
    server.last().says(part('a'));
    await settle();
    expect(server.last().sent.at(-1)).toEqual({ type: 'ack', cameraId: 'a' });
  });

  it('changes a subscription in one message when a tile grows', async () => {
    const { server, client } = opened();
    const draw = () => Promise.resolve();
    const leave = client.show('a', { wish: WISH, draw });
    await settle();
    leave();
    client.show('a', { wish: { ...WISH, width: 1280 }, draw });
    await settle();
    expect(server.last().sent).toEqual([
      { type: 'subscribe', cameraId: 'a', ...WISH },
      { type: 'subscribe', cameraId: 'a', ...WISH, width: 1280 },
    ]);
  });

  it('shows a viewer who joins the newest picture at once, but no old one as if it were live', async () => {
    const { server, client } = opened();
    const shownTo = async () => {
      const frames: VideoFrame[] = [];
      client.show('a', { wish: WISH, draw: async (frame) => void frames.push(frame) });
      await settle();
      return frames.length;
    };
    await shownTo();
    server.last().says(part('a'));
    await settle();
    expect(await shownTo()).toBe(1);
    jest.advanceTimersByTime(1_500);
    expect(await shownTo()).toBe(0);
  });

  it('stops what nobody looks at', async () => {
    const { server, client } = opened();
    const leave = client.show('a', { wish: WISH, draw: () => Promise.resolve() });
    await settle();
    leave();
    await settle();
    expect(server.last().sent.at(-1)).toEqual({ type: 'unsubscribe', cameraId: 'a' });
  });

  it('subscribes to everything again after a lost connection', async () => {
    const { server, client } = opened();
    const draw = () => Promise.resolve();
    client.show('a', { wish: WISH, draw });
    client.show('b', { wish: WISH, draw });
    await settle();
    server.last().onclose?.();
    jest.advanceTimersByTime(500);
    server.last().onopen?.();
    expect(server.last().sent).toEqual([
      { type: 'subscribe', cameraId: 'a', ...WISH },
      { type: 'subscribe', cameraId: 'b', ...WISH },
    ]);
  });

  it('asks again for a camera that the server refused', async () => {
    const { server, client } = opened();
    const refused: string[] = [];
    client.show('a', {
      wish: WISH,
      draw: () => Promise.resolve(),
      onRefused: (code) => refused.push(code),
    });
    await settle();
    server.last().says({ type: 'error', cameraId: 'a', code: 'STREAM_STOPPED', message: 'It is stopped.' });
    expect(refused).toEqual(['STREAM_STOPPED']);
    jest.advanceTimersByTime(2_000);
    expect(server.last().sent).toHaveLength(2);
  });

  it('takes a connection on which nothing comes any more for dead', async () => {
    const { server, client } = opened();
    client.show('a', { wish: WISH, draw: () => Promise.resolve() });
    await settle();
    jest.advanceTimersByTime(20_000);
    expect(server.sockets).toHaveLength(2);
  });

  it('lets a connection be on which nothing was asked for', () => {
    const { server } = opened();
    jest.advanceTimersByTime(60_000);
    expect(server.sockets).toHaveLength(1);
  });
});
