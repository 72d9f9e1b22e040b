import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { isAlive, until } from '@camfleet/testing';
import { faceClip } from './clips/face-clip';
import { watchTogether } from './feed/crowd';
import { FeedReader } from './feed/feed-reader';
import { Fleet } from './fleet';

/** Of the clip: until then a decoder that begins has nothing to show. */
const KEYFRAME_MS = 1_000;

let simulator: CameraSimulator;
let fleet: Fleet;
const cameraIds: string[] = [];

beforeAll(async () => {
  const { h264: clip } = await faceClip();
  const paths = ['/cam1', '/cam2', '/cam3'];
  simulator = await startCameraSimulator({ cameras: paths.map((path) => ({ path, clip })) });
  fleet = await Fleet.start(['w1', 'w2']);
  for (const path of paths) {
    const { id } = await fleet.api.createCamera(path, { url: simulator.url(path) });
    cameraIds.push(id);
  }
}, 90_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
}, 90_000);

const camera = (index: number) => cameraIds[index] ?? '';

it('gives each started camera to the worker with the least to do', async () => {
  await fleet.api.start(camera(0));
  await fleet.api.start(camera(1));
  const first = await fleet.api.untilState(camera(0), 'streaming');
  const second = await fleet.api.untilState(camera(1), 'streaming');
  expect([first.workerId, second.workerId].sort()).toEqual(['w1', 'w2']);
}, 30_000);

it('streams from the other worker within seconds when one is killed, and takes it back later', async () => {
  const { api } = fleet;
  const { workerId, epoch } = await api.status(camera(0));
  const victim = fleet.workers.get(workerId ?? '');
  if (!victim) throw new Error(`There is no worker ${workerId}.`);
  using feed = await FeedReader.open(api, camera(0));
  await feed.next('pictures come', (part) => !part.isSlate);

  const decoders = victim.children();
  const killedMs = performance.now();
  const killedAtMs = Date.now();
  victim.signal('SIGKILL');
  await victim.exited;
  const { arrivedMs } = await feed.next(
    'pictures come from the other worker',
    (part) => !part.isSlate && part.timestampMs > killedAtMs + 50,
  );
  expect(arrivedMs - killedMs).toBeLessThan(3_000 + KEYFRAME_MS);
  const now = await api.untilState(camera(0), 'streaming');
  expect(now.workerId).not.toBe(workerId);
  expect(now.epoch).toBeGreaterThan(epoch);
  // A decoder that outlived its worker would go on pulling the camera's video.
  await until('its decoders are gone', () => !decoders.some(isAlive));
  const lost = (await api.events({ type: 'worker.lost' })).map((event) => event.workerId);
  expect(lost).toEqual([workerId]);

  await fleet.addWorker(workerId ?? '');
}, 60_000);

it('starts cameras without Redis, and says that it does without', async () => {
  const { api, redis } = fleet;
  expect(await api.call('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ready' } });
  await redis.stop();
  await until('it says so', async () => {
    const { status, body } = await api.call('GET', '/readyz');
    return status === 200 && JSON.stringify(body).includes('"degraded":["redis"]');
  });
  const askedMs = performance.now();
  await api.start(camera(2));
  expect(performance.now() - askedMs).toBeLessThan(3_000);
  await api.untilState(camera(2), 'streaming');
  await api.stop(camera(2));
  await until('nobody pulls its video any more', () => viewersOf('/cam3') === 0);

  await redis.comeBack();
  await until(
    'it says so',
    async () => !JSON.stringify(await api.call('GET', '/readyz')).includes('degraded'),
  );
  await api.start(camera(2));
  await api.untilState(camera(2), 'streaming');
}, 60_000);

const viewersOf = (path: string) => simulator.status().find((one) => one.path === path)?.viewers;

it('serves 500 viewers who come at once, from one connection to the camera', async () => {
  const { api } = fleet;
  const options = { api, cameraId: camera(1), viewers: 500, query: '?width=320&fps=2', timeoutMs: 30_000 };
  const waits = await watchTogether(options, async () => {
    expect((await api.status(camera(1))).viewers).toBe(500);
    expect(viewersOf('/cam2')).toBe(1);
    // Whoever watches all day is no reason not to answer others.
    const askedMs = performance.now();
    await api.call('GET', '/api/cameras');
    expect(performance.now() - askedMs).toBeLessThan(1_000);
  });
  expect(waits).toHaveLength(500);
  expect(Math.max(...waits)).toBeLessThan(10_000);
  await until('their leaving is noticed', async () => (await api.status(camera(1))).viewers === 0);
}, 60_000);

it('hands everything over when a worker is told to end, without a gap of more than seconds', async () => {
  const { api } = fleet;
  const { workerId } = await api.untilState(camera(1), 'streaming');
  const worker = fleet.workers.get(workerId ?? '');
  if (!worker) throw new Error(`There is no worker ${workerId}.`);
  using feed = await FeedReader.open(api, camera(1));
  await feed.next('pictures come', (part) => !part.isSlate);
  worker.children();
  const code = await worker.stop();
  expect(code).toBe(0);
  expect(worker.leftovers()).toEqual([]);
  await until('another worker has it', async () => {
    const status = await api.status(camera(1));
    return status.state === 'streaming' && status.workerId !== workerId;
  });
  await feed.next('pictures come again', (part) => !part.isSlate);
}, 60_000);
