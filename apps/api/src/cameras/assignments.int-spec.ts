import { ApiHarness } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

interface History {
  items: {
    epoch: number;
    workerId: string;
    workerName: string;
    state: string;
    reason?: string;
    createdAt: string;
    endedAt?: string;
  }[];
  nextCursor: string | null;
}

describe("a camera's history of assignments", () => {
  let api: ApiHarness;
  const workers: TestWorker[] = [];
  beforeAll(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000, heartbeatIntervalMs: 30_000 });
    for (const id of ['w1', 'w2']) workers.push(await new TestWorker(api, id).online());
  });
  afterAll(async () => {
    await Promise.all(workers.map((each) => each.die()));
    await api.stop();
  });

  const history = (id: string, query = '') =>
    api.call<History>('GET', `/api/cameras/${id}/assignments${query}`);
  const start = (id: string) => api.call('POST', `/api/cameras/${id}/stream/start`);
  const stop = (id: string) => api.call('POST', `/api/cameras/${id}/stream/stop`);

  it('tells who had it, when, and why that ended, newest first', async () => {
    const id = await api.createCamera();
    expect((await history(id)).body).toEqual({ items: [], nextCursor: null });
    await start(id);
    const [first] = (await history(id)).body.items;
    expect(first).toMatchObject({
      epoch: 1,
      workerName: `Worker ${first?.workerId}`,
      createdAt: expect.any(String),
    });
    expect(first).not.toHaveProperty('endedAt');

    await api.call('DELETE', `/api/workers/${first?.workerId}`);
    const moved = (await history(id)).body.items;
    expect(moved).toMatchObject([
      { epoch: 2, state: 'assigned' },
      {
        epoch: 1,
        workerName: `Worker ${first?.workerId}`,
        state: 'released',
        reason: 'WORKER_REMOVED',
        endedAt: expect.any(String),
      },
    ]);
    expect(moved[0]?.workerId).not.toBe(first?.workerId);

    const moves = await api.call<{ items: { cameraId: string }[] }>('GET', '/api/moves');
    expect(moves.body.items.filter(({ cameraId }) => cameraId === id)).toMatchObject([
      {
        epoch: 1,
        workerName: `Worker ${first?.workerId}`,
        reason: 'WORKER_REMOVED',
        next: { workerId: moved[0]?.workerId },
      },
    ]);
  });

  it('lists every move once, page by page, and no stop', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await api.call<{ items: { cameraId: string; epoch: number }[]; nextCursor: string }>(
        'GET',
        `/api/moves?limit=1${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.items.map(({ cameraId, epoch }) => `${cameraId}:${epoch}`));
      cursor = body.nextCursor;
    } while (cursor);
    const { items } = (await api.call<{ items: object[] }>('GET', '/api/moves?limit=500')).body;
    expect(new Set(seen).size).toBe(items.length);
    const id = await api.createCamera();
    await start(id);
    await stop(id);
    expect((await api.call<{ items: object[] }>('GET', '/api/moves?limit=500')).body.items).toEqual(items);
  });

  it('pages through it, each time once', async () => {
    const id = await api.createCamera();
    for (let times = 0; times < 5; times += 1) {
      await start(id);
      await stop(id);
    }
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const page: History = (await history(id, `?limit=2${cursor ? `&cursor=${cursor}` : ''}`)).body;
      seen.push(...page.items.map(({ epoch }) => epoch));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual([5, 4, 3, 2, 1]);
    expect((await history(id, '?cursor=nonsense')).status).toBe(400);
  });

  it("shows a viewer their tenant's cameras and nobody else's, and a worker none", async () => {
    const id = await api.createCamera();
    await start(id);
    const keyFor = async (role: string, headers = {}) =>
      (await api.call<{ key: string }>('POST', '/api/keys', { body: { name: role, role }, headers })).body
        .key;
    const path = `/api/cameras/${id}/assignments`;
    expect((await api.call('GET', path, { key: await keyFor('viewer') })).status).toBe(200);
    expect((await api.call('GET', path, { key: await keyFor('worker') })).status).toBe(403);
    const theirs = await keyFor('viewer', { 'X-Tenant-Id': 'another' });
    expect(await api.call('GET', path, { key: theirs })).toMatchObject({
      status: 404,
      body: { error: { code: 'CAMERA_NOT_FOUND' } },
    });
  });
});
