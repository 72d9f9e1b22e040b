import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';
import { ADMIN_KEY, type ApiHarness, eventually } from '../../testing/api-harness';
import { CALIBRATION, GOOD, MODEL, PeopleStage, look } from '../../testing/people-stage';

interface Refused {
  error?: { code: string; details?: Record<string, unknown> };
}

describe('what may teach the library, and what users say', () => {
  let stage: PeopleStage;
  beforeAll(async () => {
    stage = await PeopleStage.start();
  });
  afterAll(() => stage.stop());
  const replicas: ApiHarness[] = [];
  afterEach(async () => {
    for (const replica of replicas.splice(0)) await replica.stop();
  });
  const anotherReplica = async () => {
    const replica = await stage.api.startReplica();
    replicas.push(replica);
    return replica;
  };
  const call = <Body>(method: string, path: string, body?: unknown, api: ApiHarness = stage.api) =>
    api.call<Body & Refused>(method, path, { body });

  describe('a photo is refused', () => {
    let person: string;
    let other: string;
    beforeAll(async () => {
      person = await stage.person('Ada', look(0));
      other = await stage.person('Bob', look(1));
    });
    const faces = async () => (await call<{ faces: number }>('GET', `/api/people/${person}`)).body.faces;

    it.each([
      ['without a face', 'NO_FACE', () => stage.photo()],
      ['with several', 'SEVERAL_FACES', () => stage.photo(look(0), look(0))],
      [
        'too small',
        'FACE_TOO_SMALL',
        () => stage.photo({ vector: look(0), quality: { ...GOOD, heightPx: 20 } }),
      ],
      [
        'tiny, with what is no face',
        'FACE_TOO_SMALL',
        () => {
          const tiny = { vector: look(0), quality: { ...GOOD, heightPx: 12 } };
          return stage.photo(tiny, tiny);
        },
      ],
      [
        'blurred',
        'FACE_TOO_BLURRED',
        () => stage.photo({ vector: look(0), quality: { ...GOOD, sharpness: 0 } }),
      ],
      ['of somebody else', 'FACE_MATCHES_OTHER', () => stage.photo(look(1, 0.9))],
    ])('%s', async (_, code, photo) => {
      const before = await faces();
      const { status, body } = await stage.enrol(person, photo());
      expect([status, body.error?.code]).toEqual([code === 'FACE_MATCHES_OTHER' ? 409 : 422, code]);
      if (code === 'SEVERAL_FACES') expect(body.error?.details).toMatchObject({ boxes: [{}, {}] });
      if (code === 'FACE_MATCHES_OTHER')
        expect(body.error?.details).toMatchObject({
          personId: other,
          name: 'Bob',
          score: expect.closeTo(0.9, 3),
        });
      expect(await faces()).toBe(before);
    });

    it('unless somebody insists; but not without a face', async () => {
      const before = await faces();
      const blurred = { vector: look(0), quality: { ...GOOD, sharpness: 0 } };
      expect((await stage.enrol(person, stage.photo(blurred), '?force=true')).status).toBe(201);
      const none = await stage.enrol(person, stage.photo(), '?force=true');
      expect(none.body.error?.code).toBe('NO_FACE');
      expect(await faces()).toBe(before + 1);
    });

    it('by the same rules when it comes from an event', async () => {
      const { eventId } = await stage.visit({ vector: look(2), quality: { ...GOOD, heightPx: 30 } });
      const { status, body } = await call('POST', `/api/people/${person}/faces`, { eventId });
      expect([status, body.error?.code]).toEqual([422, 'FACE_TOO_SMALL']);
      const missing = await call('POST', `/api/people/${person}/faces`, { eventId: 'never-was' });
      expect(missing.body.error?.code).toBe('EVENT_NOT_FOUND');
    });
  });

  describe('an upload that is no photo is told so', () => {
    const path = '/api/faces/search';
    const raw = async (body: FormData | string, headers: Record<string, string> = {}) => {
      const response = await fetch(stage.api.url + path, {
        method: 'POST',
        body,
        headers: { Authorization: `Bearer ${ADMIN_KEY}`, ...headers },
      });
      return [response.status, ((await response.json()) as Refused).error?.code];
    };
    const form = (...fields: [string, Blob | string][]) => {
      const data = new FormData();
      for (const [name, value] of fields) data.append(name, value);
      return data;
    };
    const file = (bytes: number) => new Blob([new Uint8Array(bytes)]);

    it.each<[string, () => FormData]>([
      ['the wrong field', () => form(['photo', file(10)])],
      ['two files', () => form(['image', file(10)], ['image', file(10)])],
      ['another field besides', () => form(['image', file(10)], ['name', 'Ada'])],
      ['text for a file', () => form(['image', 'a text'])],
      ['no bytes', () => form(['image', file(0)])],
      ['an empty form', () => form()],
    ])('%s', async (_, body) => {
      expect(await raw(body())).toEqual([400, 'VALIDATION_FAILED']);
    });

    it('and what comes next on its connection is answered', async () => {
      const url = new URL(path, stage.api.url);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const refused = Buffer.concat([
        Buffer.from('--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'),
        Buffer.alloc(1024 * 1024),
        Buffer.from('\r\n--x--\r\n'),
      ]);
      const statusOf = async (headers: Record<string, string>, body?: Buffer) => {
        const asked = request(url, { agent, method: body ? 'POST' : 'GET', headers, timeout: 5_000 });
        asked.on('timeout', () => asked.destroy(new Error('no answer')));
        asked.end(body);
        const [answer] = (await once(asked, 'response')) as [IncomingMessage];
        answer.resume();
        await once(answer, 'end');
        return answer.statusCode;
      };
      const signed = { Authorization: `Bearer ${ADMIN_KEY}` };
      const form = { ...signed, 'Content-Type': 'multipart/form-data; boundary=x' };
      expect(await statusOf(form, refused)).toBe(400);
      // There is no GET here; what counts is that the server says so.
      expect(await statusOf(signed)).toBe(404);
      agent.destroy();
    });

    it('a broken form, a body of another kind, none at all', async () => {
      const broken = { 'Content-Type': 'multipart/form-data; boundary=x' };
      expect(await raw('--x\r\nContent-Disp', broken)).toEqual([400, 'VALIDATION_FAILED']);
      expect(await raw('no boundary', { 'Content-Type': 'multipart/form-data' })).toEqual([
        400,
        'VALIDATION_FAILED',
      ]);
      expect(await raw('text', { 'Content-Type': 'text/plain' })).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      expect(await raw('{}', { 'Content-Type': 'application/json' })).toEqual([400, 'VALIDATION_FAILED']);
      expect(await raw('', {})).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    });

    it('more than 16 MiB', async () => {
      expect(await raw(form(['image', file(16 * 1024 * 1024 + 1)]))).toEqual([413, 'BODY_TOO_LARGE']);
    });

    it('what the worker cannot read', async () => {
      const { onEmbed } = stage.worker;
      stage.worker.onEmbed = () => ({
        status: 415,
        body: { error: { code: 'UNSUPPORTED_MEDIA_TYPE', message: 'no picture' } },
      });
      expect(await raw(form(['image', file(10)]))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
      stage.worker.onEmbed = onEmbed;
    });
  });

  describe('a user’s word', () => {
    it('«this is» stands, whatever is seen later of the visit', async () => {
      const eve = await stage.person('Eve', look(3));
      const fay = await stage.person('Fay', look(4));
      const { eventId, trackId } = await stage.visit(look(3, 0.9));
      await stage.shows(eventId, eve);
      expect((await stage.correct(eventId, { personId: fay })).body).toMatchObject({
        trackId,
        personId: fay,
      });
      await stage.more(trackId, look(3));
      await stage.enrol(eve, stage.photo(look(3, 0.95)));
      const judged = await stage.visit(look(3, 0.9));
      await stage.shows(judged.eventId, eve);
      expect((await stage.event(eventId)).personId).toBe(fay);
    });

    it('«this is not» holds for the visit, for later ones of that face, and for no others', async () => {
      const gus = await stage.person('Gus', look(5));
      const twin = look(5, 0.7, 14);
      const { eventId } = await stage.visit(twin);
      await stage.shows(eventId, gus);
      const { status, body } = await stage.correct(eventId, { personId: null, not: [gus] });
      expect(status).toBe(200);
      expect(body).toMatchObject({ personId: null, notPersonIds: [gus] });
      const again = await stage.visit(look(5, 0.72, 14));
      const own = await stage.visit(look(5, 0.9));
      await stage.shows(own.eventId, gus);
      await stage.groupOf(again.trackId);
      expect((await stage.event(again.eventId)).personId).toBeUndefined();
      expect((await stage.event(eventId)).personId).toBeUndefined();
      // The face that was denied can be somebody else's.
      const twinId = await stage.person('Gus’ twin', twin);
      await stage.shows(eventId, twinId);
      await stage.shows(again.eventId, twinId);
    });

    it('«this is» teaches the face: later visits of it are named, until that is taken back', async () => {
      const tom = await stage.person('Tom');
      const { eventId } = await stage.visit(
        { vector: look(26, 0.3), quality: { ...GOOD, score: 0.1 } },
        look(26),
      );
      const earlier = await stage.visit(look(26, 0.92));
      await stage.groupOf(earlier.trackId);
      const said = await stage.correct(eventId, { personId: tom });
      expect(said.body.face).toEqual({ faceId: expect.any(String) });
      expect((await stage.correct(eventId, { personId: tom })).body.face).toEqual(said.body.face);
      const later = await stage.visit(look(26, 0.9));
      for (const visit of [earlier, later]) await stage.shows(visit.eventId, tom);
      const known = await call<{ faces: number; pictureUrl: string }>('GET', `/api/people/${tom}`);
      expect(known.body).toMatchObject({ faces: 1, pictureUrl: expect.any(String) });
      expect((await call('DELETE', `/api/events/${eventId}/person`)).status).toBe(204);
      for (const visit of [{ eventId }, earlier, later]) await stage.shows(visit.eventId, null);
      expect((await call('GET', `/api/people/${tom}`)).body).toMatchObject({ faces: 0, visits: 0 });
      expect((await call('GET', known.body.pictureUrl)).status).toBe(404);
    });

    it('«this is» said of somebody else takes the face along, and «nobody known» takes it away', async () => {
      const [una, vic] = [await stage.person('Una'), await stage.person('Vic')];
      const { eventId } = await stage.visit(look(27));
      await stage.correct(eventId, { personId: una });
      const later = await stage.visit(look(27, 0.9));
      await stage.shows(later.eventId, una);
      expect((await stage.correct(eventId, { personId: vic })).body.face).toMatchObject({
        faceId: expect.any(String),
      });
      await stage.shows(later.eventId, vic);
      await stage.correct(eventId, { personId: null });
      await stage.shows(later.eventId, null);
    });

    it('«this is» says why a face is not kept: it would draw strangers to that person', async () => {
      const wim = await stage.person('Wim', look(28));
      const xia = await stage.person('Xia');
      const kept = async (seen: Parameters<typeof stage.visit>[0]) => {
        const { eventId } = await stage.visit(seen);
        const { status, body } = await stage.correct(eventId, { personId: xia });
        expect([status, body.personId]).toEqual([200, xia]);
        return body.face;
      };
      expect(await kept({ vector: look(29), quality: { ...GOOD, heightPx: 20 } })).toMatchObject({
        code: 'FACE_TOO_SMALL',
      });
      expect(await kept({ vector: look(29), quality: { ...GOOD, sharpness: 0 } })).toMatchObject({
        code: 'FACE_TOO_BLURRED',
      });
      expect(await kept(look(28, 0.9))).toMatchObject({
        code: 'FACE_MATCHES_OTHER',
        details: { personId: wim, name: 'Wim' },
      });
      const { eventId } = await stage.visit(look(30));
      await stage.correct(eventId, { not: [xia] });
      expect(await kept(look(30, 0.9))).toMatchObject({ code: 'FACE_DENIED' });
      expect((await call('GET', `/api/people/${xia}`)).body).toMatchObject({ faces: 0 });
    });

    it('«this is nobody known» stands against a later enrolment', async () => {
      const { eventId, trackId } = await stage.visit(look(6, 0.9));
      await stage.groupOf(trackId);
      await stage.correct(eventId, { personId: null });
      const hal = await stage.person('Hal', look(6));
      const later = await stage.visit(look(6, 0.9));
      await stage.shows(later.eventId, hal);
      expect((await stage.event(eventId)).personId).toBeUndefined();
    });

    it('is taken of an event whose id is as long as ids may be', async () => {
      const id = await stage.person('Far');
      const trackId = 't'.repeat(196);
      await stage.more(trackId, look(21));
      expect(await stage.correct(`${trackId}:100`, { personId: id })).toMatchObject({ status: 200 });
      await stage.shows(`${trackId}:100`, id);
    });

    it('names only people who are there, and says something', async () => {
      const { eventId } = await stage.visit(look(7));
      expect((await stage.correct(eventId, { personId: 'nobody' })).status).toBe(404);
      expect((await stage.correct(eventId, { not: ['nobody'] })).status).toBe(404);
      expect((await stage.correct(eventId, {})).status).toBe(400);
      expect((await stage.correct('never-was', { personId: null })).status).toBe(404);
    });

    it('names a group, and all its visits follow, those to come as well', async () => {
      const first = await stage.visit(look(8, 0.9));
      const group = await stage.groupOf(first.trackId);
      const second = await stage.visit(look(8, 0.92));
      await eventually('both in one group', async () =>
        (await stage.groups()).some(({ id, visits }) => id === group.id && visits === 2),
      );
      const named = await call<{ id: string; faces: number }>(
        'POST',
        `/api/people/unknown/${group.id}/name`,
        {
          name: 'Ida',
        },
      );
      expect(named.body).toMatchObject({ faces: expect.any(Number), visits: 2 });
      for (const { eventId } of [first, second])
        expect(await stage.event(eventId)).toMatchObject({ personId: named.body.id, personName: 'Ida' });
      const third = await stage.visit(look(8, 0.88));
      await stage.shows(third.eventId, named.body.id);
      const gone = await call('POST', `/api/people/unknown/${group.id}/name`, { name: 'Ida' });
      expect(gone.body.error?.code).toBe('GROUP_NOT_FOUND');
    });

    it('dismisses a group: neither it nor what joins it is listed, until that is taken back', async () => {
      const first = await stage.visit(look(24, 0.9));
      const group = await stage.groupOf(first.trackId);
      const path = `/api/people/unknown/${group.id}`;
      expect((await call('PATCH', path, { dismissed: true })).status).toBe(204);
      const later = await stage.visit(look(24, 0.92));
      const stranger = await stage.visit(look(25));
      await stage.groupOf(stranger.trackId);
      const listed = (await stage.groups()).flatMap(({ best }) => best.map(({ trackId }) => trackId));
      expect(listed).not.toEqual(expect.arrayContaining([later.trackId]));
      expect(listed).not.toEqual(expect.arrayContaining([first.trackId]));
      expect((await call('PATCH', path, { dismissed: false })).status).toBe(204);
      expect((await stage.groupOf(later.trackId)).id).toBe(group.id);
      expect((await call('PATCH', '/api/people/unknown/none', { dismissed: true })).status).toBe(404);
    });
  });

  it('search finds people and visits by cosine, best first, with its filters', async () => {
    const jan = await stage.person('Jan', look(9));
    const seen = await stage.visit(look(9, 0.8));
    await stage.shows(seen.eventId, jan);
    interface Hits {
      items: { kind: string; personId?: string; eventId?: string; score: number }[];
    }
    const find = (query = '') => stage.post<Hits>(`/api/faces/search${query}`, stage.photo(look(9)));
    const { body } = await find('?minScore=0.5');
    expect(body.items).toMatchObject([
      { kind: 'person', personId: jan, score: expect.closeTo(1, 3) },
      { kind: 'visit', personId: jan, eventId: seen.eventId, score: expect.closeTo(0.8, 3) },
    ]);
    const kinds = async (query: string) =>
      (await find(`?minScore=0.5&${query}`)).body.items.map(({ kind }) => kind);
    expect(await kinds(`cameraId=${stage.cameraId}`)).toEqual(['person', 'visit']);
    expect(await kinds('cameraId=other')).toEqual(['person']);
    expect(await kinds('from=2099-01-01T00:00:00.000Z')).toEqual(['person']);
    expect(await kinds('limit=1')).toEqual(['person']);
    const byEvent = await call<Hits>('POST', '/api/faces/search?minScore=0.5', { eventId: seen.eventId });
    expect(byEvent.body.items).toMatchObject([
      { kind: 'person', personId: jan, score: expect.closeTo(1, 3) },
      { kind: 'visit', eventId: seen.eventId, score: expect.closeTo(1, 3) },
    ]);
  });

  it('names are given from the same score on, however many people are only names', async () => {
    const threshold = async () =>
      (await stage.post<{ threshold: number }>('/api/faces/search', stage.photo(look(20)))).body.threshold;
    await stage.person('Mila', look(20));
    const before = await threshold();
    for (const name of ['Nia', 'Oda', 'Pia']) await stage.person(name);
    expect(await threshold()).toBe(before);
    await stage.person('Ria', look(19));
    expect(await threshold()).toBeGreaterThan(before);
  });

  it('search shows who it is, however often they were seen: their visits do not push them out', async () => {
    const lia = await stage.person('Lia', look(22));
    const seen = [];
    for (let count = 0; count < 4; count += 1) seen.push(await stage.visit(look(22, 0.9, 23)));
    for (const { eventId } of seen) await stage.shows(eventId, lia);
    const { body } = await stage.post<{ items: { kind: string; personId?: string }[] }>(
      '/api/faces/search?limit=3',
      stage.photo(look(22, 0.9, 23)),
    );
    expect(body.items.map(({ kind }) => kind)).toEqual(['person', 'visit', 'visit']);
    expect(body.items[0]).toMatchObject({ personId: lia, score: expect.closeTo(1, 3) });
  });

  it('erased by law, nothing of a person’s looks is left on any replica, and nobody finds them', async () => {
    const replica = await anotherReplica();
    const kim = await stage.person('Kim', look(10));
    const seen = await stage.visit(look(10, 0.9));
    const { snapshotUrl } = await stage.shows(seen.eventId, kim);
    expect((await call('DELETE', `/api/people/${kim}?erase=true`)).status).toBe(204);
    const event = await stage.event(seen.eventId);
    expect(event.personId).toBeUndefined();
    expect(event.snapshotUrl).toBeUndefined();
    expect((await call('GET', String(snapshotUrl))).status).toBe(404);
    for (const api of [stage.api, replica]) {
      const search = () =>
        stage.post<{ items: unknown[] }>('/api/faces/search?minScore=0.5', stage.photo(look(10)), { api });
      await eventually('the index to forget', async () => (await search()).body.items.length === 0, 1_500);
    }
  });

  it('what one replica learns the other one knows within a second, and its readers are told', async () => {
    const replica = await anotherReplica();
    const socket = new WebSocket(`${replica.webSocketUrl}/api/live`, {
      headers: { Authorization: `Bearer ${ADMIN_KEY}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    const told: Record<string, unknown>[] = [];
    socket.on('message', (data) => told.push(JSON.parse(String(data))));
    socket.send(JSON.stringify({ type: 'subscribe', types: ['face'] }));
    await eventually('the subscription', () => told.some(({ type }) => type === 'subscribed'));
    const leo = await stage.person('Leo', look(11));
    const search = () =>
      stage.post<{ items: { personId?: string }[] }>(
        '/api/faces/search?minScore=0.5',
        stage.photo(look(11)),
        {
          api: replica,
        },
      );
    await eventually('Leo', async () => (await search()).body.items[0]?.personId === leo, 1_000);
    const { trackId } = await stage.visit(look(11, 0.9));
    const visit = await eventually('the visit to be told', () =>
      told.find(({ type, personId }) => type === 'visit' && personId === leo),
    );
    expect(visit).toEqual({
      type: 'visit',
      trackId,
      cameraId: stage.cameraId,
      personId: leo,
      personName: 'Leo',
      personScore: expect.closeTo(0.9, 3),
    });
    socket.terminate();
  });

  it('viewers look, operators teach, admins delete; other tenants know nothing of it', async () => {
    const mia = await stage.person('Mia', look(12));
    const keyOf = async (role: string) =>
      (await call<{ key: string }>('POST', '/api/keys', { name: role, role })).body.key;
    const as = async (key: string, method: string, path: string, body?: unknown) =>
      (await stage.api.call(method, path, { key, body })).status;
    const viewer = await keyOf('viewer');
    const operator = await keyOf('operator');
    expect(await as(viewer, 'GET', `/api/people/${mia}`)).toBe(200);
    expect(await as(viewer, 'POST', '/api/people', { name: 'x' })).toBe(403);
    expect(
      (await stage.post(`/api/people/${mia}/faces`, stage.photo(look(12)), { key: viewer })).status,
    ).toBe(403);
    expect(await as(operator, 'PATCH', `/api/people/${mia}`, { name: 'Mia M.' })).toBe(200);
    expect(await as(operator, 'DELETE', `/api/people/${mia}`)).toBe(403);
    const foreign = { headers: { 'X-Tenant-Id': 'other' } };
    expect((await stage.api.call('GET', `/api/people/${mia}`, foreign)).status).toBe(404);
    const list = await stage.api.call<{ items: unknown[] }>('GET', '/api/people', foreign);
    expect(list.body.items).toEqual([]);
    const renaming = { ...foreign, body: { name: 'Theirs' } };
    expect((await stage.api.call('PATCH', `/api/people/${mia}`, renaming)).status).toBe(404);
    expect((await stage.api.call('DELETE', `/api/people/${mia}?erase=true`, foreign)).status).toBe(404);
  });

  it('never compares embeddings of different models; a new one is followed from the pictures', async () => {
    const nia = await stage.person('Nia', look(13));
    const before = await stage.visit(look(13, 0.9));
    await stage.shows(before.eventId, nia);
    const next = { model: MODEL.model, version: '2' };
    // The new model sees what the old one saw elsewhere, in everybody.
    const faces = JSON.parse(stage.photo({ vector: look(14), model: next }).toString());
    stage.worker.onEmbed = () => ({ body: faces });
    stage.worker.models = [{ name: next.model, version: next.version, calibration: CALIBRATION }];
    await stage.worker.register();
    await stage.worker.heartbeat();
    const strange = await stage.visit({ vector: look(13), quality: GOOD, model: { ...next, version: '3' } });
    interface Progress {
      version: string;
      faces: { done: number; total: number };
      visits: { done: number; total: number };
    }
    await eventually(
      'everything to be embedded anew',
      async () => {
        const { faces: done, visits, version } = (await call<Progress>('GET', '/api/people/model')).body;
        return version === '2' && done.done === done.total && visits.done >= visits.total - 1;
      },
      30_000,
    );
    expect((await stage.event(before.eventId)).personId).toBe(nia);
    expect((await stage.event(strange.eventId)).personId).toBeUndefined();
    const { body } = await call<{ items: { modelVersion: string }[] }>('GET', `/api/people/${nia}/faces`);
    expect(body.items.map(({ modelVersion }) => modelVersion)).toEqual(['2']);
  });
});
