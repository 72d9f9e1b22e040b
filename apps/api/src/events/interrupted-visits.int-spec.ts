import { Client } from 'pg';
import { ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

interface EventBody {
  id: string;
  state?: string;
  occurredAt: string;
  data: Record<string, unknown>;
}

describe('visits that a worker left open', () => {
  let api: ApiHarness;

  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 1_000 });
  });
  afterAll(() => api.stop());

  /** As if a minute had gone by since the camera's epoch ended. False while it has not ended. */
  async function letAMinutePass(): Promise<boolean> {
    const client = new Client({ connectionString: api.databaseUrl });
    await client.connect();
    const { rowCount } = await client.query(
      `UPDATE assignments SET ended_at = ended_at - interval '1 minute' WHERE ended_at IS NOT NULL`,
    );
    await client.end();
    return (rowCount ?? 0) > 0;
  }

  it('end once when it never comes back, at the time when they were last seen', async () => {
    const worker = await new TestWorker(api, 'w').online();
    const cameraId = await api.createCamera();
    await api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await worker.heartbeat();
    const [firstAt, lastAt] = [new Date(Date.now() - 3_000), new Date()].map((time) => time.toISOString());
    const seen = { type: 'face', cameraId, epoch: 1, trackId: 'open', score: 0.9, box: [0.1, 0.2, 0.3, 0.4] };
    const events = [
      { ...seen, id: 'open:new', state: 'new', occurredAt: firstAt },
      { ...seen, id: 'open:update:1', state: 'update', occurredAt: lastAt },
    ];
    await api.call('POST', '/api/events', { key: WORKER_KEY, body: { workerId: 'w', events } });
    await worker.die();
    const list = async () =>
      (await api.call<{ items: EventBody[] }>('GET', `/api/events?cameraId=${cameraId}&type=face`)).body
        .items;
    await eventually('the epoch has ended', letAMinutePass);
    const ends = await eventually(
      'the visit ends',
      async () => {
        const found = (await list()).filter(({ state }) => state === 'end');
        return found.length > 0 && found;
      },
      25_000,
    );
    expect(ends).toMatchObject([{ id: 'open:end', occurredAt: lastAt, data: { interrupted: true } }]);
  }, 40_000);
});
