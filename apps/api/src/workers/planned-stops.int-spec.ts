import { ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

interface Seen {
  state: string;
  drainWanted: boolean;
}

describe('what is stopped on purpose', () => {
  let api: ApiHarness;
  const workers: TestWorker[] = [];
  const worker = async (id: string) => {
    const started = await new TestWorker(api, id).online();
    workers.push(started);
    return started;
  };
  const see = async (id: string) => (await api.call<Seen>('GET', `/api/workers/${id}`)).body;
  const becomes = (id: string, state: string) =>
    eventually(`${id} is ${state}`, async () => (await see(id)).state === state);
  const drain = (id: string, key?: string) => api.call('POST', `/api/workers/${id}/drain`, { key });
  const losses = async () =>
    (await api.call<{ items: { workerId: string; data: object }[] }>('GET', '/api/events?type=worker.lost'))
      .body.items;
  const started = async () => {
    const id = await api.createCamera();
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    return id;
  };
  const workerOf = async (id: string) =>
    (await api.call<{ workerId: string | null }>('GET', `/api/cameras/${id}/stream/status`)).body.workerId;

  beforeEach(async () => {
    api = await ApiHarness.start({ leaseTtlMs: 60_000, heartbeatIntervalMs: 30_000 });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((each) => each.die()));
    await api.stop();
  });

  it("keeps an operator's drain over the worker's restart, until it is resumed", async () => {
    const before = await worker('w');
    await drain('w');
    await becomes('w', 'drained');
    await before.die();
    const after = await worker('w');
    await becomes('w', 'drained');
    expect(await see('w')).toMatchObject({ drainWanted: true });
    const id = await started();
    expect(await workerOf(id)).toBeNull();
    await api.call('POST', '/api/workers/w/resume');
    await eventually('it takes the camera', async () => (await workerOf(id)) === after.id);
    expect(await see('w')).toMatchObject({ state: 'online', drainWanted: false });
  });

  it('drains a worker that was lost as soon as it is back, though its process never ended', async () => {
    await api.stop();
    api = await ApiHarness.start({ leaseTtlMs: 1_000, heartbeatIntervalMs: 300 });
    const lost = await worker('w');
    await becomes('w', 'lost');
    expect((await drain('w')).status).toBe(202);
    expect(await see('w')).toMatchObject({ state: 'lost', drainWanted: true });
    expect((await lost.register()).status).toBe(201);
    await lost.heartbeat();
    await becomes('w', 'drained');
  });

  it("forgets a worker's own drain when it starts again: that was for its stop alone", async () => {
    const before = await worker('w');
    await drain('w', WORKER_KEY);
    await becomes('w', 'drained');
    await before.die();
    await worker('w');
    expect(await see('w')).toMatchObject({ state: 'online', drainWanted: false });
  });

  it('raises no alarm when a drained worker ends, and does when one ends that has cameras', async () => {
    const idle = await worker('idle');
    await idle.openLink(() => undefined);
    // It ends before anybody has seen that it holds nothing.
    await drain('idle', WORKER_KEY);
    await idle.die();
    const busy = await worker('busy');
    await busy.openLink(() => undefined);
    const id = await started();
    await eventually('it has the camera', async () => (await workerOf(id)) === 'busy');
    await drain('busy', WORKER_KEY);
    await busy.die();
    await eventually('the loss is told', async () => (await losses()).length > 0);
    expect(await losses()).toMatchObject([{ workerId: 'busy', data: { workerName: 'Worker busy' } }]);
    expect(await see('idle')).toMatchObject({ state: 'drained' });
  });

  it('leaves a drained worker as it is when its lease ends', async () => {
    await api.stop();
    api = await ApiHarness.start({ leaseTtlMs: 1_000, heartbeatIntervalMs: 300 });
    await worker('drained');
    await drain('drained', WORKER_KEY);
    await worker('silent');
    await becomes('silent', 'lost');
    expect((await losses()).map(({ workerId }) => workerId)).toEqual(['silent']);
    expect(await see('drained')).toMatchObject({ state: 'drained' });
  });
});
