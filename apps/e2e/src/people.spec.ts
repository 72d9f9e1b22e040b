import { startCameraSimulator } from '@camfleet/camera-simulator';
import { EnrolledFace, EventPage, FaceSearchAnswer, Person, UnknownGroupPage } from '@camfleet/protocol';
import { until } from '@camfleet/testing';
import { type Answer, codeOf } from './api-client';
import { visitsClip } from './clips/face-clip';
import { facePhotos, noPhotos } from './clips/face-photos';
import { Fleet } from './fleet';

/** A visit of the clip comes every 9 seconds. */
const VISIT_TIMEOUT_MS = 40_000;

let fleet: Fleet;
let photos: Awaited<ReturnType<typeof facePhotos>>;
beforeAll(async () => {
  photos = await facePhotos();
  fleet = await Fleet.start(['worker-1']);
}, 120_000);
afterAll(() => fleet?.[Symbol.asyncDispose](), 60_000);

const create = async (name: string) =>
  Person.parse((await fleet.api.call('POST', '/api/people', { name })).body).id;

async function send(path: string, photo: Buffer): Promise<Answer> {
  const form = new FormData();
  form.append('image', new Blob([new Uint8Array(photo)]), 'photo');
  const headers = { Authorization: `Bearer ${fleet.api.key}` };
  const response = await fetch(fleet.api.url + path, { method: 'POST', body: form, headers });
  return { status: response.status, body: await response.json() };
}

it('takes photos as people have them: grey, transparent, turned; all show the same person', async () => {
  const person = await create('Photographed');
  for (const kind of ['plain', 'grey', 'transparent', 'turned'] as const) {
    const { status, body } = await send(`/api/people/${person}/faces`, photos[kind]);
    expect({ kind, status, body }).toMatchObject({ kind, status: 201 });
    expect(EnrolledFace.parse(body).quality.heightPx).toBeGreaterThan(100);
  }
  for (const kind of ['plain', 'grey', 'transparent', 'turned'] as const) {
    const { items } = FaceSearchAnswer.parse((await send('/api/faces/search', photos[kind])).body);
    expect(items[0]).toMatchObject({ personId: person, personName: 'Photographed' });
    expect(items[0]?.score).toBeGreaterThan(0.95);
  }
  const picture = await fetch(`${fleet.api.url}${(await fleet.api.person(person)).pictureUrl}`, {
    headers: { Authorization: `Bearer ${fleet.api.key}` },
  });
  expect(Buffer.from(await picture.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  await fleet.api.call('DELETE', `/api/people/${person}?erase=true`);
});

it.each([
  ['nobody', 'NO_FACE'],
  ['several', 'SEVERAL_FACES'],
  ['small', 'FACE_TOO_SMALL'],
  ['blurred', 'FACE_TOO_BLURRED'],
] as const)('refuses a photo that shows %s', async (kind, code) => {
  const person = await create('Poisoned');
  const answer = await send(`/api/people/${person}/faces`, photos[kind]);
  expect([answer.status, codeOf(answer)]).toEqual([422, code]);
  expect((await fleet.api.person(person)).faces).toBe(0);
});

it('says what is wrong with what is no photo', async () => {
  for (const [name, { bytes, status, code }] of Object.entries(noPhotos(photos.plain))) {
    const answer = await send('/api/faces/search', bytes);
    expect([name, answer.status, codeOf(answer)]).toEqual([name, status, code]);
  }
});

it('names who passes a camera: by a photo enrolled before, and whoever comes again after a group was named', async () => {
  const simulator = await startCameraSimulator({ cameras: [{ path: '/door', clip: await visitsClip() }] });
  try {
    const camera = await fleet.api.createCamera('Door', { url: simulator.url('/door') });
    await fleet.api.call('POST', `/api/cameras/${camera.id}/stream/start`);
    const group = await until(
      'somebody unknown',
      async () => {
        const { body } = await fleet.api.call('GET', '/api/people/unknown');
        return UnknownGroupPage.parse(body).items.find(({ visits }) => visits >= 2);
      },
      VISIT_TIMEOUT_MS,
    );
    const named = await fleet.api.call('POST', `/api/people/unknown/${group.id}/name`, { name: 'Neighbour' });
    const { id, faces } = Person.parse(named.body);
    expect(faces).toBeGreaterThan(0);
    const visitsOf = async () => {
      const { body } = await fleet.api.call('GET', `/api/events?view=visits&personId=${id}`);
      return EventPage.parse(body).items;
    };
    const seen = (await visitsOf()).length;
    const visits = await until(
      'the neighbour to come again',
      async () => {
        const items = await visitsOf();
        return items.length > seen && items;
      },
      VISIT_TIMEOUT_MS,
    );
    expect(visits[0]).toMatchObject({ personName: 'Neighbour', personScore: expect.any(Number) });
    const { items } = FaceSearchAnswer.parse((await send('/api/faces/search', photos.plain)).body);
    expect(items[0]).toMatchObject({ personId: id });
  } finally {
    await simulator.close();
  }
});
