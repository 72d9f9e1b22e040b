import { decodeVideoPart } from '@camfleet/protocol';
import { WebSocket } from 'ws';
import { ADMIN_KEY, ApiHarness, eventually } from '../../testing/api-harness';
import { FeedViewer } from '../../testing/feed-viewer';
import { JPEG, TestWorker } from '../../testing/test-worker';

const HEADERS = { Authorization: `Bearer ${ADMIN_KEY}` };

describe('a feed', () => {
  let api: ApiHarness;
  let worker: TestWorker;
  let cameraId: string;
  const viewers: FeedViewer[] = [];
  const feed = (query = '') => `${api.url}/api/cameras/${cameraId}/stream/feed${query}`;
  const view = async (query?: string) => {
    const viewer = await FeedViewer.open(feed(query));
    viewers.push(viewer);
    return viewer;
  };
  const connected = (n = 1) => eventually(`${n} upstream`, () => worker.connections === n);

  beforeEach(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000 });
    worker = await new TestWorker(api, 'w').online();
    cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
    await worker.heartbeat();
  });
  afterEach(async () => {
    for (const viewer of viewers.splice(0)) viewer.close();
    await worker.die();
    await api.stop();
  });

  it('reaches many viewers through one connection to the worker, signed, and lets it go with the last of them', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => view()));
    await connected();
    worker.showPicture(1_700_000_000_123);
    await eventually('a picture each', () => all.every(({ pictures }) => pictures.length === 1));
    expect(all[0]?.pictures).toMatchObject([{ timestampMs: 1_700_000_000_123, slate: false, jpeg: JPEG }]);
    expect(worker).toMatchObject({ upstreams: 1, badSignatures: 0 });
    expect((await api.call('GET', `/api/cameras/${cameraId}/stream/status`)).body).toMatchObject({
      viewers: 20,
    });
    for (const viewer of all) viewer.close();
    await connected(0);
  });

  it('shows a newcomer the newest picture at once', async () => {
    await view();
    await connected();
    worker.showPicture(1);
    await eventually('the first', () => viewers[0]?.pictures.length === 1);
    const late = await view();
    await eventually('the same', () => late.pictures[0]?.timestampMs === 1);
  });

  it('gives a viewer that stopped reading the newest picture, not a backlog', async () => {
    const slow = await view();
    await connected();
    slow.pause();
    const large = Buffer.concat([JPEG.subarray(0, -2), Buffer.alloc(300_000), JPEG.subarray(-2)]);
    const fast = await view();
    for (let n = 1; n <= 60; n += 1) {
      worker.showPicture(n, large);
      await eventually(`picture ${n}`, () => fast.pictures.at(-1)?.timestampMs === n);
    }
    slow.resume();
    await eventually('the newest', () => slow.pictures.at(-1)?.timestampMs === 60);
    expect(slow.pictures.length).toBeLessThan(60);
  });

  it('says with slates that there is no picture, stays open while the camera moves, and goes on from there', async () => {
    const viewer = await view();
    await connected();
    worker.showPicture(1);
    await eventually('a picture', () => viewer.pictures.length === 1);
    await worker.openLink(() => undefined);
    const second = await new TestWorker(api, 'second').online();
    await worker.die();
    await eventually('a slate', () => viewer.parts.some(({ slate }) => slate));
    await eventually('the other worker is asked', () => second.connections === 1);
    second.showPicture(2);
    await eventually('its picture', () => viewer.pictures.at(-1)?.timestampMs === 2);
    expect(viewer.ended).toBe(false);
    await second.die();
  });

  it.each(['stop', 'delete'])('ends with a %s', async (how) => {
    const viewer = await view();
    await connected();
    if (how === 'stop') await api.call('POST', `/api/cameras/${cameraId}/stream/stop`);
    else await api.call('DELETE', `/api/cameras/${cameraId}`);
    await eventually('the end', () => viewer.ended);
  });

  it('survives a viewer that stopped reading before the stream was stopped, and starts anew for others', async () => {
    const stalled = await view();
    const witness = await view();
    await connected();
    stalled.pause();
    const large = Buffer.concat([JPEG.subarray(0, -2), Buffer.alloc(400_000), JPEG.subarray(-2)]);
    for (let n = 1; n <= 20; n += 1) {
      worker.showPicture(n, large);
      await eventually(`picture ${n}`, () => witness.pictures.at(-1)?.timestampMs === n);
    }
    await api.call('POST', `/api/cameras/${cameraId}/stream/stop`);
    await eventually('the end', () => witness.ended);
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await eventually('the new epoch', async () => {
      await worker.heartbeat();
      return worker.assignments.some(({ epoch }) => epoch === 2);
    });
    const next = await view();
    await connected();
    worker.showPicture(99);
    await eventually('a picture of the new stream', () => next.pictures.at(-1)?.timestampMs === 99);
    expect((await api.call('GET', '/healthz')).status).toBe(200);
  });

  it('answers 409 for a stopped stream, and a last picture all the same', async () => {
    await eventually(
      'a kept picture',
      async () => (await fetch(`${api.url}/api/cameras/${cameraId}/snapshot.jpg`, { headers: HEADERS })).ok,
    );
    await api.call('POST', `/api/cameras/${cameraId}/stream/stop`);
    expect(await api.call('GET', `/api/cameras/${cameraId}/stream/feed`)).toMatchObject({
      status: 409,
      body: { error: { code: 'STREAM_STOPPED' } },
    });
    const picture = await fetch(`${api.url}/api/cameras/${cameraId}/snapshot.jpg`, { headers: HEADERS });
    expect(picture.headers.get('x-timestamp')).toBe('1700000000000');
  });

  it('encodes at most four variants of a camera, and serves a fifth from the nearest', async () => {
    for (const query of ['?width=320', '?width=640', '?width=1280', '?width=640&overlay=true'])
      await view(query);
    await connected(4);
    const fifth = await view('?width=320&overlay=true');
    worker.showPicture(5);
    await eventually('a picture for the fifth', () => fifth.pictures.length === 1);
    expect(worker.upstreams).toBe(4);
  });

  it('thins the pictures to the rate that a viewer asks for', async () => {
    const [all, few] = [await view(), await view('?fps=5')];
    await connected();
    for (let n = 0; n < 30; n += 1) worker.showPicture(1_000_000 + n * (1000 / 30));
    await eventually('all', () => all.pictures.length === 30);
    expect(few.pictures.length).toBeGreaterThanOrEqual(5);
    expect(few.pictures.length).toBeLessThanOrEqual(7);
  });

  it('asks the worker for no more pictures than the fastest viewer wants', async () => {
    await view('?fps=5');
    await connected();
    expect(worker.lastFeedPath).toContain('fps=5');
    const fast = await view('?fps=10');
    await eventually('a faster upstream', () => worker.lastFeedPath.includes('fps=10'));
    await connected();
    worker.showPicture(1);
    await eventually('both see it', () => viewers.every(({ pictures }) => pictures.length === 1));
    expect(fast.ended).toBe(false);
  });

  it('carries a wall of cameras over one WebSocket, the next picture when the last was taken', async () => {
    const socket = new WebSocket(`${api.webSocketUrl}/api/live/video`, { headers: HEADERS });
    await new Promise((resolve) => socket.once('open', resolve));
    const seen: number[] = [];
    const errors: string[] = [];
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        const copy = new Uint8Array(data);
        const { header, jpeg } = decodeVideoPart(copy.buffer);
        if (!header.slate) seen.push(header.timestampMs);
        expect(jpeg[0]).toBe(0xff);
        if (header.slate) socket.send(JSON.stringify({ type: 'ack', cameraId }));
      } else errors.push(JSON.parse(String(data)).code);
    });
    socket.send(JSON.stringify({ type: 'subscribe', cameraId, width: 640, fps: 60 }));
    await connected();
    const witness = await view();
    // The source is as wide as the socket asks for: the witness sees another variant.
    await connected(2);
    worker.showPicture(1000);
    await eventually('the first', () => seen.length === 1);
    for (const n of [2000, 3000]) worker.showPicture(n);
    await eventually('both are there', () => witness.pictures.at(-1)?.timestampMs === 3000);
    socket.send(JSON.stringify({ type: 'ack', cameraId }));
    await eventually('the newest', () => seen.length === 2);
    expect(seen).toEqual([1000, 3000]);
    socket.send(JSON.stringify({ type: 'subscribe', cameraId: 'none', fps: 5 }));
    socket.send('nonsense');
    await eventually('both refusals', () => errors.length === 2);
    expect(errors.sort()).toEqual(['CAMERA_NOT_FOUND', 'VALIDATION_FAILED']);
    socket.terminate();
  });
});
