import { existsSync, mkdirSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { WORKER_KEY, eventually } from '../../testing/api-harness';
import { PeopleStage, look } from '../../testing/people-stage';
import { JPEG } from '../../testing/test-worker';

describe('files and the rows that refer to them', () => {
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
  const pathOf = (key: string) => join(stage.api.dataDirectory, 'assets', key);
  const write = (key: string) => {
    mkdirSync(dirname(pathOf(key)), { recursive: true });
    writeFileSync(pathOf(key), 'picture');
  };
  const doomed = async () =>
    (await database.query<{ key: string }>('SELECT key FROM doomed_files')).rows.map(({ key }) => key);
  /** A replica that starts, as after a crash, sweeps; everything that is due is gone when this resolves. */
  const sweepByAnother = async () => {
    const replica = await stage.api.startReplica();
    await eventually('nothing to be due', async () => {
      const { rows } = await database.query('SELECT 1 FROM doomed_files WHERE due_at <= now()');
      return rows.length === 0;
    });
    await replica.stop();
  };
  const cropOf = async (personId: string) => {
    const { rows } = await database.query<{ key: string }>(
      'SELECT crop_key AS key FROM person_faces WHERE person_id = $1',
      [personId],
    );
    return rows[0]?.key ?? '';
  };

  it('what a process left when it died after the commit goes with the next start, also what is half gone', async () => {
    const keys = Array.from({ length: 250 }, (_, index) => `people/left/${index}.jpg`);
    // The first ones' files were deleted and their rows not.
    for (const key of keys.slice(20)) write(key);
    await database.query('INSERT INTO doomed_files (key) SELECT unnest($1::text[])', [keys]);
    await sweepByAnother();
    expect(keys.filter((key) => existsSync(pathOf(key)))).toEqual([]);
  });

  it('what was written for rows that never came goes', async () => {
    const ada = await stage.person('Ada');
    const blurred = { vector: look(0), quality: { score: 0.01, heightPx: 8, sharpness: 0 } };
    expect((await stage.enrol(ada, stage.photo(blurred))).status).toBe(422);
    expect(await doomed()).toEqual([]);
    write('people/default/of-a-process-that-was-killed.jpg');
    await database.query(
      `INSERT INTO doomed_files (key, due_at) VALUES ('people/default/of-a-process-that-was-killed.jpg', now())`,
    );
    await sweepByAnother();
    expect(existsSync(pathOf('people/default/of-a-process-that-was-killed.jpg'))).toBe(false);
  });

  it('a file is on the list of those to go before it is there, and off it once a row refers to it', async () => {
    const dan = await stage.person('Dan');
    const recogniser = new Client({ connectionString: stage.api.databaseUrl });
    await recogniser.connect();
    await recogniser.query('BEGIN');
    await recogniser.query(`SELECT 1 FROM recognition WHERE task = 'events' FOR UPDATE`);
    const enrolling = stage.enrol(dan, stage.photo(look(4)));
    const key = await eventually('the crop', async () => (await doomed()).find((k) => existsSync(pathOf(k))));
    await recogniser.end();
    expect((await enrolling).status).toBe(201);
    expect(await doomed()).toEqual([]);
    expect(await cropOf(dan)).toBe(key);
  });

  it('the same event from two connections at once leaves its picture, once, on no list', async () => {
    const snapshot = JPEG.toString('base64');
    const events = Array.from({ length: 20 }, (_, index) => ({
      ...{
        id: `twice:${index}`,
        type: 'face',
        cameraId: stage.cameraId,
        epoch: 1,
        trackId: `twice-${index}`,
      },
      ...{
        state: 'new',
        score: 0.9,
        box: [0.1, 0.1, 0.2, 0.2],
        occurredAt: new Date().toISOString(),
        snapshot,
      },
    }));
    const send = () =>
      stage.api.call<{ accepted: number }>('POST', '/api/events', {
        key: WORKER_KEY,
        body: { workerId: 'w', events },
      });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.reduce((sum, { body }) => sum + body.accepted, 0)).toBe(20);
    expect(await doomed()).toEqual([]);
  });

  it('what is referred to stays, of events and of people', async () => {
    const bea = await stage.person('Bea', look(1));
    const { eventId } = await stage.visit(look(2));
    expect(await doomed()).toEqual([]);
    await sweepByAnother();
    const { rows } = await database.query<{ key: string }>(
      'SELECT snapshot_key AS key FROM events WHERE id = $1',
      [eventId],
    );
    expect(existsSync(pathOf(rows[0]?.key ?? 'none'))).toBe(true);
    expect(existsSync(pathOf(await cropOf(bea)))).toBe(true);
  });

  it('a picture of an erased person that cannot be deleted now is deleted later, and holds up no other', async () => {
    const cem = await stage.person('Cem', look(3), look(3, 0.99));
    const stuck = await cropOf(cem);
    const { rows } = await database.query<{ key: string }>(
      'SELECT crop_key AS key FROM person_faces WHERE person_id = $1 AND crop_key <> $2',
      [cem, stuck],
    );
    const other = rows[0]?.key ?? '';
    // A folder in its place cannot be deleted as a file.
    rmSync(pathOf(stuck));
    mkdirSync(pathOf(stuck));
    expect((await stage.api.call('DELETE', `/api/people/${cem}?erase=true`)).status).toBe(204);
    expect(existsSync(pathOf(other))).toBe(false);
    expect(await doomed()).toEqual([stuck]);
    rmdirSync(pathOf(stuck));
    write(stuck);
    await database.query('UPDATE doomed_files SET due_at = now()');
    await sweepByAnother();
    expect(existsSync(pathOf(stuck))).toBe(false);
    expect(await doomed()).toEqual([]);
  });
});
