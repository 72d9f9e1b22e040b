import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { until } from '@camfleet/testing';
import { ensureObjectModel } from '@camfleet/vision';
import { join } from 'node:path';
import { faceClip, stillClips, walkingClip } from './clips/face-clip';
import { Fleet } from './fleet';

const MODELS = join(__dirname, '../../../.models');
/** Of the gate's looks at a picture in which nothing moves: less than their distance of 15 s. */
const UNWATCHED_MS = 10_000;
const SETTLED_MS = 3_000;
/** Once on a new machine; 144 MB. */
const FETCH_TIMEOUT_MS = 240_000;

let simulator: CameraSimulator;
let fleet: Fleet;

beforeAll(async () => {
  const { wall, standing } = await stillClips();
  simulator = await startCameraSimulator({
    cameras: [
      { path: '/face', clip: (await faceClip()).h264 },
      { path: '/still', clip: wall, otherClip: standing },
      { path: '/walk', clip: await walkingClip() },
    ],
  });
  fleet = await Fleet.start(['w1']);
}, 90_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
}, 90_000);

const looks = () => fleet.counted('w1', 'camfleet_worker_child_analysed_frames_total');
const eventsOf = (cameraId: string, type: string) => fleet.api.events({ cameraId, type });

async function start(path: string, settings: object): Promise<string> {
  const { id } = await fleet.api.createCamera(path, { url: simulator.url(path) }, settings);
  await fleet.api.start(id);
  await fleet.api.untilState(id, 'streaming');
  return id;
}

const remove = (cameraId: string) => fleet.api.call('DELETE', `/api/cameras/${cameraId}`);

it('does not see who is in a zone that is left out, and sees them when the zone is gone', async () => {
  const around = {
    id: 'z1',
    name: 'Street',
    kind: 'exclude',
    points: [
      [0, 0],
      [1, 0],
      [1, 0.8],
      [0, 0.8],
    ],
  };
  const before = await looks();
  const id = await start('/face', { zones: [around], analysis: { motionGate: false } });
  await until('it was looked often enough to be sure of a face', async () => (await looks()) - before > 15);
  expect(await eventsOf(id, 'face')).toEqual([]);
  await fleet.api.call('PATCH', `/api/cameras/${id}`, { zones: [] });
  await until('the face is seen', async () => (await eventsOf(id, 'face')).length > 0);
  await remove(id);
}, 60_000);

it('looks at a still picture no more, and finds who comes and stands still', async () => {
  const id = await start('/still', { analysis: { motionGate: true } });
  let [count, sinceMs] = [await looks(), performance.now()];
  await until(
    'the picture is taken for still',
    async () => {
      const now = await looks();
      if (now !== count) [count, sinceMs] = [now, performance.now()];
      return now > 0 && performance.now() - sinceMs > SETTLED_MS;
    },
    30_000,
  );
  const untilMs = performance.now() + UNWATCHED_MS;
  await until('some time has passed', () => performance.now() > untilMs, UNWATCHED_MS + 1_000);
  expect(await looks()).toBe(count);
  expect(await eventsOf(id, 'face')).toEqual([]);

  simulator.camera('/still').fault('resolution');
  await until('the face is seen', async () =>
    (await eventsOf(id, 'face')).some(({ state }) => state === 'new'),
  );
  await remove(id);
}, 60_000);

it(
  'tells of people as objects, and on which side of a line they went',
  async () => {
    await ensureObjectModel({ directory: MODELS, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    // From the bottom to the top: who walks to the right comes from its left.
    const line = {
      id: 'l1',
      name: 'Gate',
      kind: 'line',
      points: [
        [0.5, 1],
        [0.5, 0],
      ],
    };
    const analysis = { faces: { enabled: false }, objects: { enabled: true, fps: 5, classes: ['person'] } };
    const id = await start('/walk', { zones: [line], analysis });
    const crossing = await until(
      'the line is crossed',
      async () => (await eventsOf(id, 'line')).at(-1),
      40_000,
    );
    expect(crossing).toMatchObject({
      label: 'person',
      data: {
        zoneId: 'l1',
        zoneName: 'Gate',
        direction: 'leftToRight',
        counts: { leftToRight: 1, rightToLeft: 0 },
      },
    });
    const seen = (await eventsOf(id, 'object')).find(
      ({ state, trackId }) => state === 'new' && trackId === crossing.trackId,
    );
    expect(seen).toMatchObject({
      label: 'person',
      snapshotUrl: expect.any(String),
    });
    const isOver = async () =>
      (await eventsOf(id, 'object')).some(
        ({ state, trackId }) => state === 'end' && trackId === crossing.trackId,
      );
    await until('they are gone', isOver, 20_000);
    await remove(id);
  },
  60_000 + FETCH_TIMEOUT_MS,
);
