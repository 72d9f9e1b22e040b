import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { until } from '@camfleet/testing';
import { faceClip } from './clips/face-clip';
import { FeedReader } from './feed/feed-reader';
import { Fleet } from './fleet';

let simulator: CameraSimulator;
let fleet: Fleet;
let cameraId: string;

beforeAll(async () => {
  const { h264: clip } = await faceClip();
  simulator = await startCameraSimulator({ cameras: [{ path: '/cam', clip }] });
  fleet = await Fleet.start(['w1', 'w2']);
  cameraId = (await fleet.api.createCamera('cam', { url: simulator.url('/cam') })).id;
}, 90_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
}, 90_000);

it('shows a drain to nobody who watches: no slate, no gap, no time that goes back', async () => {
  const { api } = fleet;
  await api.start(cameraId);
  const { workerId } = await api.untilState(cameraId, 'streaming');
  using feed = await FeedReader.open(api, cameraId);
  await feed.next('pictures come', (part) => !part.isSlate);
  const before = feed.parts.length;
  await api.call('POST', `/api/workers/${workerId}/drain`);
  await until('the camera has moved', async () => (await api.status(cameraId)).workerId !== workerId, 20_000);
  const moved = feed.parts.length;
  await until('pictures come from the other worker', () => feed.parts.length >= moved + 30);

  const parts = feed.parts.slice(before - 1);
  expect(parts.filter(({ isSlate }) => isSlate)).toEqual([]);
  const gapsMs = parts.slice(1).map(({ arrivedMs }, index) => arrivedMs - (parts[index]?.arrivedMs ?? 0));
  expect(Math.max(...gapsMs)).toBeLessThan(500);
  const times = parts.map(({ timestampMs }) => timestampMs);
  expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
}, 60_000);

it('shows a worker’s SIGTERM to nobody who watches, and the worker ends well and soon', async () => {
  const { api } = fleet;
  const drained = (await api.workers()).find(({ state }) => state !== 'online');
  if (drained) await api.call('POST', `/api/workers/${drained.id}/resume`);
  await until('both take cameras', async () =>
    (await api.workers()).every(({ state }) => state === 'online'),
  );
  const { workerId } = await api.untilState(cameraId, 'streaming');
  using feed = await FeedReader.open(api, cameraId);
  await feed.next('pictures come', (part) => !part.isSlate);
  const before = feed.parts.length;
  const ending = fleet.workers.get(workerId ?? '')?.stop();
  expect(await ending).toBe(0);
  const ended = feed.parts.length;
  await until('pictures come from the other worker', () => feed.parts.length >= ended + 30);
  const parts = feed.parts.slice(before - 1);
  expect(parts.filter(({ isSlate }) => isSlate)).toEqual([]);
  const gapsMs = parts.slice(1).map(({ arrivedMs }, index) => arrivedMs - (parts[index]?.arrivedMs ?? 0));
  expect(Math.max(...gapsMs)).toBeLessThan(500);
}, 60_000);
