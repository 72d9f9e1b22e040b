import { Database, PlacementRepository } from '@camfleet/database';
import { Client } from 'pg';
import { ApiHarness, WORKER_KEY } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

/** A worker has a key and is believed, but only of what it was given. */
describe('a worker that reports what it does not have', () => {
  let api: ApiHarness;
  const workers: TestWorker[] = [];
  const worker = async (id: string, capacity: number) => {
    const started = await new TestWorker(api, id, capacity).online();
    workers.push(started);
    return started;
  };
  /** A heartbeat with these cameras in its report. */
  const beat = (liar: TestWorker, cameras: object[], key = WORKER_KEY) =>
    api.call('POST', `/api/workers/${liar.id}/heartbeat`, {
      key,
      body: {
        instanceId: liar.instanceId,
        revision: -1,
        load: { cpu: 0, memory: 0 },
        outbox: { depth: 0, lostEvents: 0, lostSnapshots: 0 },
        cameras,
      },
    });

  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000, heartbeatIntervalMs: 30_000 });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(workers.map((each) => each.die()));
    await api?.stop();
  });

  it('stops nobody else’s camera, and makes no event of it', async () => {
    const honest = await worker('honest', 10);
    const liar = await worker('liar', 0);
    const cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await honest.heartbeat();
    await honest.heartbeat();
    const events = async () =>
      (await api.call<{ items: unknown[] }>('GET', `/api/events?cameraId=${cameraId}`)).body.items;
    const before = await events();
    expect(before).toHaveLength(1);
    await beat(liar, [{ cameraId, epoch: 1, state: 'streaming' }]);
    await beat(liar, [{ cameraId, epoch: 1, state: 'reconnecting', reason: 'A lie.' }]);
    await beat(liar, [{ cameraId, epoch: 1, state: 'stopped', reason: 'MAX_FRAMES: A lie.' }]);
    expect(await events()).toEqual(before);
    expect((await api.call('GET', `/api/cameras/${cameraId}/stream/status`)).body).toMatchObject({
      desired: 'running',
      state: 'streaming',
      workerId: 'honest',
    });
  });

  it('is refused an epoch that no row could hold, and is taken with a reason that none could', async () => {
    const odd = await worker('odd', 0);
    const report = { cameraId: 'ghost', epoch: 1, state: 'stopped', reason: 'a\u0000b\ud800' };
    expect(await beat(odd, [{ ...report, epoch: 2 ** 40 }])).toMatchObject({
      status: 400,
      body: { error: { code: 'VALIDATION_FAILED' } },
    });
    expect((await beat(odd, [report])).status).toBe(200);
  });

  it('is not told of workers of other tenants, whatever instance it names', async () => {
    const theirs = await worker('theirs', 0);
    const { key } = (
      await api.call<{ key: string }>('POST', '/api/keys', {
        body: { name: 'acme', role: 'worker' },
        headers: { 'X-Tenant-Id': 'acme' },
      })
    ).body;
    const stranger = new TestWorker(api, theirs.id);
    expect(await beat(stranger, [], key)).toMatchObject({
      status: 404,
      body: { error: { code: 'WORKER_NOT_REGISTERED' } },
    });
  });

  it('has no say in what a camera costs', async () => {
    const [mine, liar] = [workers.find(({ id }) => id === 'honest'), workers.find(({ id }) => id === 'liar')];
    if (!mine || !liar) throw new Error('The first test starts them.');
    const [camera] = mine.assignments;
    const lie = {
      cameraId: camera?.cameraId,
      epoch: 1,
      state: 'streaming',
      width: 1e5,
      height: 1e5,
      fps: 1e3,
    };
    await beat(liar, [lie, { ...lie, cameraId: 'ghost', width: 2 ** 52, height: 2 ** 52, fps: 1e308 }]);
    await mine.heartbeat();
    const database = new Database(api.databaseUrl);
    await new PlacementRepository(database).learnCosts();
    await database.close();
    const sql = new Client({ connectionString: api.databaseUrl });
    await sql.connect();
    const { rows } = await sql.query<{ cost: number }>(
      'SELECT pixels_per_second AS cost FROM cameras WHERE id = $1',
      [camera?.cameraId],
    );
    await sql.end();
    expect(rows[0]?.cost).toBe(640 * 360 * 15);
  });

  it('goes on with its cameras when the database has lost what it was told last', async () => {
    const ahead = await worker('ahead', 0);
    ahead.revision = 1_000;
    await ahead.heartbeat();
    expect(ahead.revision).toBeGreaterThan(1_000);
    const { revision } = ahead;
    await ahead.heartbeat();
    expect(ahead.revision).toBe(revision);
  });
});
