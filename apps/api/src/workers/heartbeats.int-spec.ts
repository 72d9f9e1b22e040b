import { Client } from 'pg';
import { ApiHarness, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

const LEASE_MS = 5_000;

/** Heartbeats that come together are renewed together: what befalls one must not befall the others. */
describe('heartbeats that come together', () => {
  let api: ApiHarness;
  let sql: Client;
  const workers: TestWorker[] = [];
  const worker = async (id: string) => {
    const started = await new TestWorker(api, id).online();
    workers.push(started);
    return started;
  };
  const code = (answer: { body: Record<string, unknown> }) => (answer.body.error as { code: string }).code;

  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: LEASE_MS, heartbeatIntervalMs: 1_000 });
    sql = new Client({ connectionString: api.databaseUrl });
    await sql.connect();
  }, 60_000);
  afterAll(async () => {
    await sql?.end();
    await Promise.all(workers.splice(0).map((each) => each.die()));
    await api?.stop();
  });

  it('are answered each for itself: the refused, and two instances of one worker, among the good', async () => {
    const [good, old] = [await worker('good'), await worker('twice')];
    await old.die();
    const replacement = await worker('twice');
    const stranger = new TestWorker(api, 'stranger');
    const answers = await Promise.all([
      good.heartbeat(),
      stranger.heartbeat(),
      old.heartbeat(),
      replacement.heartbeat(),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 409, 200]);
    expect([answers[1], answers[2]].map((answer) => answer && code(answer))).toEqual([
      'WORKER_NOT_REGISTERED',
      'WORKER_REPLACED',
    ]);
  });

  it('of one instance, sent twice at once, are both answered', async () => {
    const w = await worker('hasty');
    const answers = await Promise.all([w.heartbeat(), w.heartbeat(), w.heartbeat()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it('renew the leases of all when one reports what no text column takes', async () => {
    const [odd, other] = [await worker('odd'), await worker('other')];
    const id = await api.createCamera({ require: {} });
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    const holder = await eventually('somebody has the camera', async () => {
      await Promise.all([odd.heartbeat(), other.heartbeat(), ...workers.map((each) => each.heartbeat())]);
      return workers.find(({ assignments }) => assignments.length > 0);
    });
    holder.reports.set(id, { state: 'failed', reason: 'A decoder said \u0000 and \ud800 and \\u0000.' });
    const answers = await Promise.all([holder.heartbeat(), other.heartbeat(), odd.heartbeat()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const status = await api.call('GET', `/api/cameras/${id}/stream/status`);
    expect(status.body).toMatchObject({ state: 'failed' });
    await api.call('DELETE', `/api/cameras/${id}`);
  });

  it('do not wait for a worker whose row somebody holds, which is answered when it is free', async () => {
    const [held, free] = [await worker('held'), await worker('free')];
    await sql.query('BEGIN');
    await sql.query(`SELECT id FROM workers WHERE id = 'held' FOR UPDATE`);
    let isAnswered = false;
    const waiting = held.heartbeat().finally(() => (isAnswered = true));
    expect((await free.heartbeat()).status).toBe(200);
    expect(isAnswered).toBe(false);
    await sql.query('COMMIT');
    expect((await waiting).status).toBe(200);
  });

  it('hear within a fifth of the lease that the database hangs, and are renewed when it is back', async () => {
    const [a, b] = [await worker('a'), await worker('b')];
    await sql.query('BEGIN');
    await sql.query('LOCK TABLE workers IN ACCESS EXCLUSIVE MODE');
    const sentAt = performance.now();
    const answers = await Promise.all([a.heartbeat(), b.heartbeat()]);
    const tookMs = performance.now() - sentAt;
    await sql.query('COMMIT');
    expect(answers.map(code)).toEqual(['DATABASE_UNAVAILABLE', 'DATABASE_UNAVAILABLE']);
    expect(tookMs).toBeLessThan(LEASE_MS * 0.4);
    await eventually('both are renewed', async () => {
      const again = await Promise.all([a.heartbeat(), b.heartbeat()]);
      return again.every(({ status }) => status === 200);
    });
  }, 30_000);

  it('show readers the newest frame time though it is not stored each time, and a change of state at once', async () => {
    const id = await api.createCamera();
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    const holder = await eventually('somebody has the camera', async () => {
      await Promise.all(workers.map((each) => each.heartbeat()));
      return workers.find(({ assignments }) => assignments.some(({ cameraId }) => cameraId === id));
    });
    await holder.heartbeat();
    const stored = async () => {
      const { rows } = await sql.query<{ report: { lastFrameAt: string; state: string }[] }>(
        'SELECT report FROM workers WHERE id = $1',
        [holder.id],
      );
      return rows[0]?.report[0];
    };
    const before = await stored();
    const lastFrameAt = new Date(Date.now() + 1_000).toISOString();
    holder.reports.set(id, { lastFrameAt });
    await holder.heartbeat();
    expect((await api.call('GET', `/api/cameras/${id}/stream/status`)).body).toMatchObject({ lastFrameAt });
    expect(await stored()).toEqual(before);
    holder.reports.set(id, { lastFrameAt, state: 'reconnecting' });
    await holder.heartbeat();
    expect(await stored()).toMatchObject({ lastFrameAt, state: 'reconnecting' });
  });

  it('tell a worker that comes from another replica what it said there last, and store what it says now', async () => {
    const id = await api.createCamera();
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    const holder = await eventually('somebody has the camera', async () => {
      await Promise.all(workers.map((each) => each.heartbeat()));
      return workers.find(({ assignments }) => assignments.some(({ cameraId }) => cameraId === id));
    });
    await holder.heartbeat();
    // As another replica would have left it.
    await sql.query(`UPDATE workers SET report = '[]', report_digest = 'another' WHERE id = $1`, [holder.id]);
    await holder.heartbeat();
    const { rows } = await sql.query<{ report: unknown[] }>('SELECT report FROM workers WHERE id = $1', [
      holder.id,
    ]);
    expect(rows[0]?.report).toEqual(expect.arrayContaining([expect.objectContaining({ cameraId: id })]));
  });
});
