import { type CameraSimulator, startCameraSimulator } from '@camfleet/camera-simulator';
import { EnrolledFace, type EventView, Person, UnknownGroupPage } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import type { ApiClient } from './api-client';
import { otherPhotoOfTheFace, visitsClip } from './clips/face-clip';
import { LiveReader } from './feed/live-reader';
import { Fleet } from './fleet';

/** A visitor comes every 9 seconds. */
const NEXT_VISIT_MS = 25_000;

let simulator: CameraSimulator;
let fleet: Fleet;
let cameraId: string;
let ada: string;
let first: EventView;
/** By which the camera's visitor was denied to be Ada. */
let denied: EventView;

beforeAll(async () => {
  simulator = await startCameraSimulator({ cameras: [{ path: '/cam', clip: await visitsClip() }] });
  fleet = await Fleet.start(['w1'], { replicas: 2 });
  cameraId = (await fleet.api.createCamera('Door', { url: simulator.url('/cam') })).id;
}, 90_000);
afterAll(async () => {
  await fleet?.[Symbol.asyncDispose]();
  await simulator?.close();
}, 90_000);

const replica = (index: number): ApiClient => {
  const api = fleet.apis[index];
  if (!api) throw new Error(`There is no replica ${index}.`);
  return api;
};
const faces = (state: EventView['state'], api = fleet.api) =>
  api.events({ cameraId, type: 'face' }).then((events) => events.filter((event) => event.state === state));

/** The visit that begins after this one. */
async function visitAfter({ sequence }: EventView): Promise<EventView> {
  const isNext = async () => (await faces('new')).find((event) => event.sequence > sequence);
  return until('the next visitor comes', isNext, NEXT_VISIT_MS);
}

/** Whom a visit shows by each replica, asked now. */
const namesOf = async ({ id }: EventView) =>
  Promise.all(
    fleet.apis.map(
      async (api) => (await api.events({ cameraId })).find((event) => event.id === id)?.personName,
    ),
  );

/** The unknown person a visit belongs to, once it was judged. */
const groupOf = ({ trackId }: EventView, api: ApiClient) =>
  until('it is among the unknown', async () => {
    const { body } = await api.call('GET', '/api/people/unknown');
    return UnknownGroupPage.parse(body).items.find(({ best }) =>
      best.some((visit) => visit.trackId === trackId),
    );
  });

it('names whoever is enrolled, in events and to those who watch, at every replica', async () => {
  using live = await LiveReader.open(replica(1));
  await fleet.api.start(cameraId);
  first = await until('somebody comes', async () => (await faces('new'))[0], NEXT_VISIT_MS);
  await groupOf(first, replica(1));

  ada = Person.parse((await fleet.api.call('POST', '/api/people', { name: 'Ada' })).body).id;
  EnrolledFace.parse(await enrol(ada, await otherPhotoOfTheFace()));
  const past = await until('who was seen before is told', () =>
    live.ofType('visit').find(({ trackId, personId }) => trackId === first.trackId && personId === ada),
  );
  expect(past).toMatchObject({ cameraId, personName: 'Ada' });
  expect(await namesOf(first)).toEqual(['Ada', 'Ada']);

  const next = await visitAfter(first);
  await until('the next visit is told with the name', () =>
    [...live.ofType('visit'), ...live.ofType('event').map(({ event }) => event)].some(
      ({ trackId, personName }) => trackId === next.trackId && personName === 'Ada',
    ),
  );
  denied = next;
}, 60_000);

it('believes «this is not», for what that face did before and for its next visit', async () => {
  const { status } = await replica(1).call('POST', `/api/events/${denied.id}/person`, {
    personId: null,
    not: [ada],
  });
  expect(status).toBe(200);
  expect(await namesOf(denied)).toEqual([undefined, undefined]);
  const next = await visitAfter(denied);
  await groupOf(next, fleet.api);
  expect(await namesOf(next)).toEqual([undefined, undefined]);
  // It is one face, and so one unknown person.
  const { visits } = await groupOf(first, fleet.api);
  expect(visits).toBeGreaterThanOrEqual(3);
}, 40_000);

it('shows a name, a merge and a deletion to all replicas at once, in past events, too', async () => {
  const { id: group } = await groupOf(denied, replica(1));
  const named = await replica(1).call('POST', `/api/people/unknown/${group}/name`, { name: 'Bea' });
  const { id: bea } = Person.parse(named.body);
  expect(await namesOf(first)).toEqual(['Bea', 'Bea']);
  expect(await namesOf(denied)).toEqual(['Bea', 'Bea']);

  await fleet.api.call('POST', `/api/events/${first.id}/person`, { personId: ada });
  expect(await namesOf(first)).toEqual(['Ada', 'Ada']);
  expect((await fleet.api.call('POST', `/api/people/${bea}/merge`, { fromId: ada })).status).toBe(200);
  expect(await namesOf(first)).toEqual(['Bea', 'Bea']);
  for (const api of fleet.apis) expect((await api.call('GET', `/api/people/${ada}`)).status).toBe(404);

  expect((await replica(1).call('DELETE', `/api/people/${bea}`)).status).toBe(204);
  expect(await namesOf(first)).toEqual([undefined, undefined]);
  expect(await namesOf(denied)).toEqual([undefined, undefined]);
}, 30_000);

it('ends a visit once when its worker is killed in the middle of it', async () => {
  const worker = fleet.workers.get('w1');
  if (!worker) throw new Error('There is no worker w1.');
  const before = (await faces('new')).length;
  const open = await until('somebody is there', async () => (await faces('new'))[before], NEXT_VISIT_MS);
  worker.signal('SIGKILL');
  await worker.exited;
  const ends = async () => (await faces('end')).filter(({ trackId }) => trackId === open.trackId);
  expect(await ends()).toEqual([]);
  await fleet.addWorker('w1');
  await until('the visit has ended', async () => (await ends()).length > 0);
  await fleet.api.untilState(cameraId, 'streaming');
  expect((await ends()).map(({ id }) => id)).toEqual([`${open.trackId}:end`]);
}, 60_000);

async function enrol(personId: string, photo: Buffer): Promise<unknown> {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(photo)]), 'photo.jpg');
  const response = await fetch(`${fleet.api.url}/api/people/${personId}/faces`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${fleet.api.key}` },
    body: form,
  });
  return response.json();
}
