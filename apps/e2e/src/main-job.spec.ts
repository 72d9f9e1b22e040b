import { startCameraSimulator } from '@camfleet/camera-simulator';
import { startGstRtsp, until } from '@camfleet/testing';
import { isJpeg, codeOf } from './api-client';
import { faceClip } from './clips/face-clip';
import { FeedReader } from './feed/feed-reader';
import { System } from './system';

const LOGIN = { username: 'viewer', password: 's3cret p@ss' };

/** What the tests ask of RTSP cameras, whoever serves them. */
interface RtspCameras extends AsyncDisposable {
  url(path: string): string;
  /** Every session ends once. */
  kick(): Promise<void>;
  /** No picture comes any more, nothing is closed; until `recover`. */
  stall(): void;
  recover(): void;
}

const PEERS: { name: string; start: () => Promise<RtspCameras> }[] = [
  { name: 'the camera simulator', start: startSimulator },
  { name: 'gst-rtsp-server', start: startGst },
];

async function startSimulator(): Promise<RtspCameras> {
  const { h264 } = await faceClip();
  const simulator = await startCameraSimulator({ cameras: [{ path: '/cam1', clip: h264, ...LOGIN }] });
  const camera = simulator.camera('/cam1');
  return {
    url: (path) => simulator.url('/cam1').replace('/cam1', path),
    kick: () => Promise.resolve(camera.fault('drop')),
    stall: () => camera.fault('stall'),
    recover: () => camera.fault('none'),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

async function startGst(): Promise<RtspCameras> {
  const { mp4 } = await faceClip();
  const server = await startGstRtsp({ clip: mp4, credentials: LOGIN });
  return {
    url: (path) => server.url(path),
    kick: () => server.kick(),
    stall: () => server.freeze(),
    recover: () => server.thaw(),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

let system: System;
beforeAll(async () => {
  await faceClip();
  system = await System.start();
}, 90_000);
afterAll(() => system?.[Symbol.asyncDispose](), 60_000);

describe.each(PEERS)('a camera of $name', ({ start }) => {
  let cameras: RtspCameras;
  beforeAll(async () => {
    cameras = await start();
  }, 30_000);
  afterAll(() => cameras?.[Symbol.asyncDispose]());

  const source = (path = '/cam1', password = LOGIN.password) => ({
    url: cameras.url(path),
    username: LOGIN.username,
    password,
  });

  it('shows its picture before it is saved, so that a user sees that the address is right', async () => {
    const { status, body } = await system.api.call('POST', '/api/cameras/probe', { source: source() });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { codec: 'h264', width: 640, height: 360, hasAudio: false },
    });
    const { snapshot } = body as { snapshot: string };
    expect(snapshot).toMatch(/^data:image\/jpeg;base64,/);
    expect(isJpeg(Buffer.from(snapshot.split(',')[1] ?? '', 'base64'))).toBe(true);
  });

  it.each([
    ['a wrong password', () => source('/cam1', 'wrong'), 'SOURCE_UNAUTHORIZED'],
    ['a wrong path', () => source('/nowhere'), 'SOURCE_NOT_FOUND'],
  ])(
    'says what is wrong with %s, before and after saving',
    async (_, wrong, code) => {
      const probed = await system.api.call('POST', '/api/cameras/probe', { source: wrong() });
      expect([probed.status, codeOf(probed)]).toEqual([422, code]);
      const { id } = await system.api.createCamera(code, wrong());
      await system.api.start(id);
      const { reason } = await system.api.untilState(id, 'failed');
      expect(reason).toMatch(new RegExp(`^${code}: `));
      await system.api.call('DELETE', `/api/cameras/${id}`);
    },
    30_000,
  );

  it('is watched, understood and stopped', async () => {
    const { api } = system;
    const camera = await api.createCamera('Door', source());
    expect(JSON.stringify(camera)).not.toContain(LOGIN.password);
    const startedMs = performance.now();
    await api.start(camera.id);
    using feed = await FeedReader.open(api, camera.id);

    const first = await feed.next('a live picture comes', (part) => !part.isSlate);
    expect(first.arrivedMs - startedMs).toBeLessThan(4_000);
    await until('a second of pictures has come', () => feed.live.length >= 10);
    const { live } = feed;
    expect(live.every(({ jpeg }) => isJpeg(jpeg))).toBe(true);
    // A frozen picture would look live to a user.
    expect(new Set(live.map(({ digest }) => digest)).size).toBeGreaterThan(5);
    const times = live.map(({ timestampMs }) => timestampMs);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
    expect(Math.abs(Date.now() - (times.at(-1) ?? 0))).toBeLessThan(2_000);
    expect(await api.untilState(camera.id, 'streaming')).toMatchObject({
      width: 640,
      height: 360,
      codec: 'h264',
    });

    const seen = await until('the face is reported', async () =>
      (await api.events({ cameraId: camera.id, type: 'face' })).find(({ state }) => state === 'new'),
    );
    expect(seen.snapshotUrl).toBeDefined();
    const snapshot = await api.bytes(seen.snapshotUrl ?? '');
    expect([snapshot.status, snapshot.type, isJpeg(snapshot.body)]).toEqual([200, 'image/jpeg', true]);

    const still = await api.bytes(`/api/cameras/${camera.id}/snapshot.jpg`);
    expect([still.status, still.type, isJpeg(still.body)]).toEqual([200, 'image/jpeg', true]);
    expect(Math.abs(Date.now() - Number(still.headers.get('x-timestamp')))).toBeLessThan(4_000);

    await api.stop(camera.id);
    await until('the feed ends', () => feed.hasEnded);
    expect((await api.status(camera.id)).state).toBe('stopped');
    const end = await until('the visit ends with the camera', async () =>
      (await api.events({ cameraId: camera.id, type: 'face' })).find(({ state }) => state === 'end'),
    );
    // One person who stays is one visit, however long.
    const visits = new Set(
      (await api.events({ cameraId: camera.id, type: 'face' })).map(({ trackId }) => trackId),
    );
    expect([...visits]).toEqual([seen.trackId]);
    expect(end).toMatchObject({ trackId: seen.trackId, id: `${seen.trackId}:end` });
    await api.call('DELETE', `/api/cameras/${camera.id}`);
  }, 60_000);

  it('comes back after its connection was cut and after it hung, with the viewer still there', async () => {
    const { api } = system;
    const { id } = await api.createCamera('Gate', source());
    await api.start(id);
    using feed = await FeedReader.open(api, id);
    await feed.next('a live picture comes', (part) => !part.isSlate);
    await api.untilState(id, 'streaming');

    await cameras.kick();
    const { restarts } = await until('the cut is counted and the camera streams again', async () => {
      const status = await api.status(id);
      return status.state === 'streaming' && status.restarts === 1 && status;
    });
    await feed.next('pictures come again', (part) => !part.isSlate);

    cameras.stall();
    await api.untilState(id, 'reconnecting', 20_000);
    await feed.next('the viewer is told so', (part) => part.isSlate);
    cameras.recover();
    expect((await api.untilState(id, 'streaming', 30_000)).restarts).toBeGreaterThan(restarts);
    await feed.next('pictures come again', (part) => !part.isSlate);
    const times = feed.live.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(feed.hasEnded).toBe(false);
    await api.call('DELETE', `/api/cameras/${id}`);
    await until('deleting ends the feed', () => feed.hasEnded);
  }, 90_000);
});
