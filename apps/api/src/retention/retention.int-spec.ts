import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { PeopleStage, look } from '../../testing/people-stage';
import { eventually } from '../../testing/api-harness';

interface Report {
  uploads: number;
  frames: number;
  snapshots: number;
  events: number;
}

describe('what is kept for how long', () => {
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

  const rules = (change: object) => stage.api.call('PATCH', '/api/retention', { body: change });
  const run = async (dryRun: boolean) =>
    (await stage.api.call<Report>('POST', '/api/retention/run', { body: { dryRun } })).body;
  const pictureOf = async (eventId: string) => {
    const { rows } = await database.query<{ key: string }>(
      'SELECT snapshot_key AS key FROM events WHERE id = $1',
      [eventId],
    );
    return rows[0]?.key ?? '';
  };
  const isThere = (key: string) => existsSync(join(stage.api.dataDirectory, 'assets', key));
  /** Of these visits and, since events come in their order, of what came before them. */
  const age = async (trackIds: string[], days: number) => {
    await database.query('BEGIN');
    // The recogniser writes what it has read back.
    await database.query(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`);
    await database.query(
      `WITH old AS (SELECT now() - $2 * interval '1 day' AS at),
         visits AS (UPDATE face_visits SET last_at = old.at FROM old WHERE track_id = ANY($1))
       UPDATE events SET received_at = old.at FROM old
       WHERE sequence <= (SELECT max(sequence) FROM events WHERE track_id = ANY($1))`,
      [trackIds, days],
    );
    await database.query('COMMIT');
  };

  it('takes old pictures from events, and later the events with their visits; nothing that is younger or in use', async () => {
    const ada = await stage.person('Ada');
    const old = await stage.visit(look(1));
    const shared = await stage.visit(look(2));
    const enrolled = await stage.visit(look(3));
    const young = await stage.visit(look(4));
    for (const visit of [old, shared, enrolled, young]) await stage.groupOf(visit.trackId);
    const faces = await stage.api.call('POST', `/api/people/${ada}/faces`, {
      body: { eventId: enrolled.eventId },
    });
    expect(faces.status).toBe(201);
    const keys: string[] = [];
    for (const { eventId } of [old, shared, enrolled, young]) keys.push(await pictureOf(eventId));
    const [oldKey = '', sharedKey = '', , youngKey = ''] = keys;
    await database.query('UPDATE events SET snapshot_key = $1 WHERE id = $2', [sharedKey, young.eventId]);
    await age([old.trackId, shared.trackId, enrolled.trackId], 40);
    await rules({ uploads: null, frames: null, snapshots: 30, events: 60 });

    expect(await run(true)).toMatchObject({ snapshots: 3, events: 0 });
    expect(keys.filter((key) => !isThere(key))).toEqual([]);

    expect(await run(false)).toMatchObject({ snapshots: 3, events: 0 });
    await eventually('the picture to go', () => !isThere(oldKey));
    expect((await stage.event(old.eventId)).snapshotUrl).toBeUndefined();
    expect(isThere(sharedKey)).toBe(true);
    expect(isThere(youngKey)).toBe(true);

    await age([old.trackId, shared.trackId, enrolled.trackId], 70);
    const due = await run(true);
    expect(due.events).toBeGreaterThanOrEqual(3);
    expect(await run(false)).toEqual({ ...due, dryRun: false });
    expect(await run(false)).toMatchObject({ events: 0, snapshots: 0 });
    const { rows } = await database.query<{ track: string }>('SELECT track_id AS track FROM face_visits');
    expect(rows.map(({ track }) => track)).toEqual([young.trackId]);
    expect((await stage.groups()).map(({ visits }) => visits)).toEqual([1]);
    const crops = await database.query<{ key: string }>('SELECT crop_key AS key FROM person_faces');
    expect(crops.rows.map(({ key }) => isThere(key))).toEqual([true]);
  });

  it('tells a reader that begins before what was deleted that it has missed events', async () => {
    const { trackId } = await stage.visit(look(5));
    const [first] = (
      await database.query<{ sequence: string }>('SELECT sequence FROM events WHERE track_id = $1', [trackId])
    ).rows;
    await age([trackId], 400);
    await rules({ events: 365 });
    await run(false);
    const before = Number(first?.sequence) - 1;
    const answer = await stage.api.call<{ error: { code: string } }>('GET', `/api/events?after=${before}`);
    expect([answer.status, answer.body.error.code]).toEqual([410, 'CURSOR_EXPIRED']);
  });

  it('refuses a rule that makes no sense, and everybody but admins', async () => {
    expect((await rules({ events: 0 })).status).toBe(400);
    expect((await rules({ pictures: 3 })).status).toBe(400);
    const { body } = await stage.api.call<{ key: string }>('POST', '/api/keys', {
      body: { name: 'o', role: 'operator' },
    });
    expect((await stage.api.call('GET', '/api/retention', { key: body.key })).status).toBe(403);
  });
});
