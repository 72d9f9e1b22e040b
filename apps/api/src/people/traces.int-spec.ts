import { readdirSync } from 'node:fs';
import { Client } from 'pg';
import { WebSocket } from 'ws';
import { ADMIN_KEY, eventually } from '../../testing/api-harness';
import { CALIBRATION, MODEL, PeopleStage, look } from '../../testing/people-stage';
import { TestWorker } from '../../testing/test-worker';

describe('what must not stay behind, and what must hold', () => {
  let stage: PeopleStage;
  let database: Client;
  beforeAll(async () => {
    stage = await PeopleStage.start();
    database = new Client({ connectionString: stage.api.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await stage.stop();
  });
  const call = <Body>(method: string, path: string, body?: unknown) =>
    stage.api.call<Body>(method, path, { body });
  const files = () => readdirSync(stage.api.dataDirectory, { recursive: true }).map(String);
  const enrolFrom = async (personId: string, eventId: string) =>
    (await call<{ faceId: string }>('POST', `/api/people/${personId}/faces`, { eventId })).body.faceId;

  it('erasing somebody leaves no group that lies where their face was', async () => {
    const { eventId, trackId } = await stage.visit(look(0));
    const group = await stage.groupOf(trackId);
    // By a user's word the visit stays in its group, whoever is enrolled from it.
    await stage.correct(eventId, { personId: null });
    const ada = await stage.person('Ada');
    await enrolFrom(ada, eventId);
    expect((await call('DELETE', `/api/people/${ada}?erase=true`)).status).toBe(204);
    const { rows } = await database.query('SELECT id FROM unknown_groups WHERE id = $1', [group.id]);
    expect(rows).toEqual([]);
  });

  it('what a worker still sends of somebody who was erased is stored without how they look', async () => {
    const lea = await stage.person('Lea', look(9));
    const { eventId, trackId } = await stage.visit(look(9, 0.9));
    await stage.shows(eventId, lea);
    expect((await call('DELETE', `/api/people/${lea}?erase=true`)).status).toBe(204);
    const before = files();
    await stage.more(trackId, look(9, 0.9));
    // One that was taken before the erasing, and is recognised after it.
    const late = `INSERT INTO events (id, tenant_id, type, occurred_at, track_id, embedding, snapshot_key, box, data)
      SELECT 'late', tenant_id, type, occurred_at, track_id, '{1,0}', 'late.jpg', box, data FROM events WHERE id = $1`;
    await database.query(late, [eventId]);
    const stranger = await stage.visit(look(10));
    await stage.groupOf(stranger.trackId);
    const { rows } = await database.query(
      'SELECT id FROM events WHERE track_id = $1 AND (cardinality(embedding) > 0 OR snapshot_key IS NOT NULL)',
      [trackId],
    );
    expect(rows).toEqual([]);
    expect((await database.query('SELECT 1 FROM face_visits WHERE track_id = $1', [trackId])).rows).toEqual(
      [],
    );
    const pictures = files().filter((path) => path.endsWith('.jpg') && !before.includes(path));
    expect(pictures).toHaveLength(1);
  });

  it('erasing somebody takes their name from what readers are shown, and from what they are told later', async () => {
    const told: { type: string; trackId?: string; personId?: string | null; event?: { trackId: string } }[] =
      [];
    const read = async (after?: number) => {
      const socket = new WebSocket(`${stage.api.webSocketUrl}/api/live`, {
        headers: { Authorization: `Bearer ${ADMIN_KEY}` },
      });
      await new Promise((resolve) => socket.once('open', resolve));
      socket.on('message', (data) => told.push(JSON.parse(String(data))));
      socket.send(JSON.stringify({ type: 'subscribe', types: ['face'], after }));
      return socket;
    };
    const hal = await stage.person('Hal', look(6));
    const first = await read();
    const { eventId, trackId } = await stage.visit(look(6, 0.9));
    await stage.shows(eventId, hal);
    const visit = (personId: string | null) =>
      eventually(`readers to be told ${personId}`, () =>
        told.find((message) => message.trackId === trackId && message.personId === personId),
      );
    await visit(hal);
    await call('DELETE', `/api/people/${hal}?erase=true`);
    await visit(null);
    first.terminate();
    told.splice(0);
    const second = await read(0);
    const event = await eventually('the event again', () =>
      told.find((message) => message.event?.trackId === trackId),
    );
    second.terminate();
    expect(JSON.stringify(event)).not.toContain('Hal');
  });

  it('a face that was enrolled and is denied takes its picture with it', async () => {
    const bob = await stage.person('Bob');
    const { eventId } = await stage.visit(look(1));
    const faceId = await enrolFrom(bob, eventId);
    const pictures = () => files().filter((path) => path.endsWith(`${faceId}.jpg`));
    expect(pictures()).toHaveLength(1);
    await stage.correct(eventId, { personId: null, not: [bob] });
    expect(pictures()).toEqual([]);
  });

  it('a face that was enrolled for the wrong one is taken from them when a user says who it is', async () => {
    const wrong = await stage.person('Kai');
    const right = await stage.person('Lou');
    const { eventId } = await stage.visit(look(11));
    const faceId = await enrolFrom(wrong, eventId);
    const later = await stage.visit(look(11, 0.9));
    await stage.shows(later.eventId, wrong);
    await stage.correct(eventId, { personId: right });
    expect((await call<{ faces: number }>('GET', `/api/people/${wrong}`)).body.faces).toBe(0);
    expect(files().filter((path) => path.endsWith(`${faceId}.jpg`))).toEqual([]);
    await stage.shows(later.eventId, null);
  });

  it('«this is not» holds when somebody else, whom the visit was taken for, turns out to be that person', async () => {
    const cem = await stage.person('Cem', look(2));
    const dan = await stage.person('Dan', look(3));
    const { eventId } = await stage.visit(look(3, 0.9));
    await stage.shows(eventId, dan);
    await stage.correct(eventId, { not: [cem] });
    const sure = await stage.visit(look(3, 0.95, 20));
    await stage.shows(sure.eventId, dan);
    await call('POST', `/api/people/${cem}/merge`, { fromId: dan });
    await stage.shows(sure.eventId, cem);
    await stage.shows(eventId, null);
  });

  it('what was said of a visit can be taken back: it is unknown, known or found again as if nothing had been said', async () => {
    const ira = await stage.person('Ira', look(7));
    const known = await stage.visit(look(7, 0.9));
    await stage.shows(known.eventId, ira);
    await stage.correct(known.eventId, { not: [ira] });
    await stage.shows(known.eventId, null);
    expect((await call('DELETE', `/api/events/${known.eventId}/person`)).status).toBe(204);
    expect((await stage.event(known.eventId)).personId).toBe(ira);
    const unknown = await stage.visit(look(8, 0.9));
    await stage.groupOf(unknown.trackId);
    await stage.correct(unknown.eventId, { personId: ira });
    await call('DELETE', `/api/events/${unknown.eventId}/person`);
    await stage.groupOf(unknown.trackId);
    const jan = await stage.person('Jan', look(8));
    await stage.shows(unknown.eventId, jan);
    expect((await call('DELETE', '/api/events/never-was/person')).status).toBe(404);
  });

  it('a word about a face that could not be recognised in time is refused, and taken later', async () => {
    const mio = await stage.person('Mio');
    const { eventId } = await stage.visit(look(12));
    const recogniser = new Client({ connectionString: stage.api.databaseUrl });
    await recogniser.connect();
    await recogniser.query('BEGIN');
    await recogniser.query(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`);
    const refused = await stage.correct(eventId, { not: [mio] });
    await recogniser.end();
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'DATABASE_UNAVAILABLE' } } });
    expect((await stage.correct(eventId, { not: [mio] })).status).toBe(200);
  });

  it('what was seen while somebody’s word was being written, and then was not, is recognised soon', async () => {
    const recogniser = new Client({ connectionString: stage.api.databaseUrl });
    await recogniser.connect();
    await recogniser.query('BEGIN');
    await recogniser.query(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`);
    const { trackId } = await stage.visit(look(13));
    // Nobody is told of what is taken back.
    await recogniser.query('ROLLBACK');
    await recogniser.end();
    await eventually(
      'the visit',
      async () => (await stage.groups()).some(({ best }) => best.some((visit) => visit.trackId === trackId)),
      4_000,
    );
  });

  it('a crowd of corrections that wait for the recogniser leaves connections to everybody else', async () => {
    const one = await stage.person('Eve');
    const other = await stage.person('Fay');
    const recogniser = new Client({ connectionString: stage.api.databaseUrl });
    await recogniser.connect();
    await recogniser.query('BEGIN');
    await recogniser.query(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`);
    const merges = Array.from({ length: 25 }, () =>
      call('POST', `/api/people/${one}/merge`, { fromId: other }),
    );
    await eventually('a correction to wait', async () => {
      const { rows } = await database.query(
        `SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%recognition%'`,
      );
      return rows.length > 0;
    });
    expect((await call('GET', '/api/people')).status).toBe(200);
    await recogniser.end();
    const statuses = (await Promise.all(merges)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 24 }, () => 404)]);
  });

  it('a face that was denied is denied under the next embedder, too', async () => {
    const gus = await stage.person('Gus', look(4));
    const { eventId } = await stage.visit(look(4, 0.9));
    await stage.shows(eventId, gus);
    await stage.correct(eventId, { personId: null, not: [gus] });
    const next = { model: MODEL.model, version: '2' };
    const faces: unknown = JSON.parse(stage.photo({ vector: look(5), model: next }).toString());
    stage.worker.onEmbed = () => ({ body: faces });
    stage.worker.models = [{ name: next.model, version: next.version, calibration: CALIBRATION }];
    await stage.worker.register();
    await stage.worker.heartbeat();
    interface Faces {
      items: { isNegative: boolean; modelVersion: string }[];
    }
    const denied = () =>
      eventually(
        'the denied face to follow',
        async () =>
          (await call<Faces>('GET', `/api/people/${gus}/faces`)).body.items.find(
            ({ isNegative, modelVersion }) => isNegative && modelVersion === '2',
          ),
        20_000,
      );
    await expect(denied()).resolves.toBeDefined();
  });

  it('the library does not turn back to an older embedder because a worker is late', async () => {
    const old = new TestWorker(stage.api, 'old');
    old.models = [{ name: MODEL.model, version: MODEL.version, calibration: CALIBRATION }];
    await old.online();
    await database.query(`UPDATE workers SET state = 'suspect' WHERE id = 'w'`);
    const { body } = await call<{ version: string }>('GET', '/api/people/model');
    await old.die();
    expect(body.version).toBe('2');
  });
});
