import { Client } from 'pg';
import { ApiHarness, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

const OTHER_URL = 'http://127.0.0.1:2';

describe('the API replicas that workers are told', () => {
  let api: ApiHarness;
  let worker: TestWorker;
  const told = async () => (await worker.heartbeat()).body.apiUrls as string[];

  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000, heartbeatIntervalMs: 30_000 });
    worker = await new TestWorker(api, 'w').online();
  }, 60_000);
  afterAll(async () => {
    await worker?.die();
    await api?.stop();
  });

  it('are all that live: one that joins is named, and one that stops is named no more', async () => {
    const own = await told();
    expect(own).toHaveLength(1);
    const replica = await api.startReplica({ publicUrl: OTHER_URL });
    await eventually('both are named', async () => (await told()).length === 2);
    expect((await worker.register()).body.apiUrls).toEqual(expect.arrayContaining([...own, OTHER_URL]));
    await replica.stop();
    await eventually('one is left', async () => (await told()).length === 1, 5_000);
    expect(await told()).toEqual(own);
  }, 30_000);

  it('are without one that ended and could not say so, seconds later', async () => {
    const sql = new Client({ connectionString: api.databaseUrl });
    await sql.connect();
    await sql.query(`INSERT INTO api_replicas (id, url) VALUES ('killed', $1)`, [OTHER_URL]);
    await sql.end();
    await eventually('it is named', async () => (await told()).includes(OTHER_URL), 5_000);
    await eventually('it is named no more', async () => !(await told()).includes(OTHER_URL), 10_000);
  }, 30_000);

  it('give a worker no queue to listen to where nobody publishes', async () => {
    const replica = await api.startReplica({ publicUrl: OTHER_URL }, null);
    const answer = await new TestWorker(replica, 'alone').register();
    expect(answer).toMatchObject({ status: 201, body: { queue: null } });
    expect((await worker.register()).body.queue).toEqual({ name: expect.any(String) });
    await replica.stop();
  }, 30_000);
});
