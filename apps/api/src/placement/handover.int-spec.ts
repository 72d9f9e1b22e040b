import { ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

interface Status {
  state: string;
  workerId: string | null;
  epoch: number;
  reason?: string;
}

describe('a drain', () => {
  let api: ApiHarness;
  const workers: TestWorker[] = [];
  const worker = async (id: string, capacity?: number) => {
    const started = await new TestWorker(api, id, capacity).online();
    workers.push(started);
    return started;
  };
  const status = async (id: string) =>
    (await api.call<Status>('GET', `/api/cameras/${id}/stream/status`)).body;
  const stateOf = async (id: string) =>
    (await api.call<{ state: string }>('GET', `/api/workers/${id}`)).body.state;
  const runningOn = async (w: TestWorker, camera: object = {}) => {
    const id = await api.createCamera(camera);
    await api.call('POST', `/api/cameras/${id}/stream/start`);
    await w.heartbeat();
    await w.heartbeat();
    return id;
  };
  const drain = (id: string, key?: string) =>
    api.call('POST', `/api/workers/${id}/drain`, key === undefined ? {} : { key });
  /** Until the worker is told to do this with the camera. */
  const told = (w: TestWorker, cameraId: string, desired: string | undefined) =>
    eventually(`${w.id} is told ${desired}`, async () => {
      await w.heartbeat();
      return w.assignments.find((each) => each.cameraId === cameraId)?.desired === desired;
    });

  const begin = (leaseTtlMs = 60_000) =>
    ApiHarness.start({ leaseTtlMs, heartbeatIntervalMs: leaseTtlMs / 2 });
  beforeEach(async () => {
    api = await begin();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((each) => each.die()));
    await api.stop();
  });

  it('has the new worker stream before the old one stops, and report only when the old one has let go', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'starting' });
    expect((await drain('old')).status).toBe(202);
    await told(next, id, 'standby');
    await told(old, id, 'releasing');
    expect(await status(id)).toMatchObject({ workerId: 'old', epoch: 1, state: 'streaming' });
    next.reports.delete(id);
    await next.heartbeat();
    await eventually(
      'viewers are served by the new worker',
      async () => (await status(id)).workerId === 'next',
    );
    await next.heartbeat();
    expect(next.assignments).toMatchObject([{ cameraId: id, epoch: 2, desired: 'standby' }]);
    await told(old, id, undefined);
    await old.heartbeat();
    await told(next, id, 'running');
    expect(await status(id)).toMatchObject({ workerId: 'next', epoch: 2, state: 'streaming' });
    await eventually('the old one is drained', async () => (await stateOf('old')) === 'drained');
  });

  it('moves four cameras at a time, the most important first', async () => {
    const old = await worker('old');
    const ids: string[] = [];
    for (const priority of [10, 20, 30, 40, 50, 60]) ids.push(await runningOn(old, { priority }));
    const next = await worker('next');
    for (const id of ids) next.reports.set(id, { state: 'starting' });
    await drain('old');
    await next.heartbeat();
    expect(next.assignments.map(({ cameraId }) => cameraId).sort()).toEqual(ids.slice(2).sort());
  });

  it('leaves a camera where it is when the new worker gets no frame within a lease', async () => {
    await api.stop();
    api = await begin(2_000);
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'reconnecting' });
    await drain('old');
    await told(next, id, 'standby');
    await eventually('the camera stays', async () => {
      await Promise.all([old.heartbeat(), next.heartbeat()]);
      return next.assignments.length === 0 && old.assignments[0]?.desired === 'running';
    });
    expect(await status(id)).toMatchObject({ workerId: 'old', epoch: 1 });
  });

  it('tells both workers an end within one lease, and cancels before it, so that no cut link makes two pull longer', async () => {
    await api.stop();
    const leaseMs = 4_000;
    api = await begin(leaseMs);
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'reconnecting' });
    const beganMs = performance.now();
    const beganAtMs = Date.now();
    await drain('old');
    await told(next, id, 'standby');
    await told(old, id, 'releasing');
    const ends = [old, next].map(({ assignments }) => assignments[0]?.handoverEndsAt ?? 'never');
    expect(new Set(ends).size).toBe(1);
    expect(Date.parse(ends[0] ?? '') - beganAtMs).toBeLessThan(leaseMs);
    await eventually('the standby is to stop, and the old one to go on', async () => {
      await Promise.all([old.heartbeat(), next.heartbeat()]);
      return next.assignments.length === 0 && old.assignments[0]?.desired === 'running';
    });
    expect(performance.now() - beganMs).toBeLessThan(leaseMs * 0.9);
    expect(old.assignments[0]?.handoverEndsAt).toBeUndefined();
  });

  it('lets the new worker go on beyond that end once it has the viewers, while the old one is silent', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'starting' });
    await drain('old');
    await told(next, id, 'standby');
    expect(next.assignments[0]?.handoverEndsAt).toBeDefined();
    next.reports.delete(id);
    await eventually('it has no end to fear', async () => {
      await next.heartbeat();
      return next.assignments[0]?.handoverEndsAt === undefined;
    });
    expect(next.assignments).toMatchObject([{ cameraId: id, desired: 'standby' }]);
  });

  it('takes the camera back when the new worker dies, and gives it to the new one when the old dies', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'starting' });
    await next.openLink(() => undefined);
    await drain('old');
    await told(next, id, 'standby');
    await next.die();
    await told(old, id, 'running');
    const third = await worker('third');
    third.reports.set(id, { state: 'starting' });
    await old.openLink(() => undefined);
    await told(third, id, 'standby');
    await old.die();
    await told(third, id, 'running');
    expect(await status(id)).toMatchObject({ workerId: 'third' });
  });

  it('moves a camera that does not stream at once: there is nothing to keep', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    old.reports.set(id, { state: 'reconnecting' });
    await old.heartbeat();
    await worker('next');
    await drain('old');
    expect(await status(id)).toMatchObject({ workerId: 'next', epoch: 2 });
  });

  it('never lets two workers at a source that takes one reader', async () => {
    const old = await worker('old');
    const id = await runningOn(old, { source: { url: 'rtsp://127.0.0.1/one', exclusive: true } });
    const next = await worker('next');
    await drain('old');
    await old.heartbeat();
    expect(old.assignments).toEqual([]);
    await next.heartbeat();
    expect(next.assignments).toEqual([]);
    await old.heartbeat();
    await told(next, id, 'running');
    expect(await status(id)).toMatchObject({ workerId: 'next', epoch: 2 });
  });

  it('keeps what nobody else can take, and gives it away as soon as there is room', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    await drain('old');
    expect(await status(id)).toMatchObject({ workerId: 'old', state: 'streaming' });
    const next = await worker('next');
    await told(next, id, 'standby');
  });

  it('is something that a worker may ask for itself, and that resume takes back', async () => {
    const w = await worker('w1');
    const id = await runningOn(w);
    expect((await drain('w1', WORKER_KEY)).status).toBe(202);
    expect(await stateOf('w1')).toBe('draining');
    await api.call('POST', '/api/workers/w1/resume');
    expect(await stateOf('w1')).toBe('online');
    await worker('w2');
    expect(await status(id)).toMatchObject({ workerId: 'w1' });
  });

  it('stops both when the camera is stopped half-way', async () => {
    const old = await worker('old');
    const id = await runningOn(old);
    const next = await worker('next');
    next.reports.set(id, { state: 'starting' });
    await drain('old');
    await told(next, id, 'standby');
    await api.call('POST', `/api/cameras/${id}/stream/stop`);
    await Promise.all([old.heartbeat(), next.heartbeat()]);
    expect([old.assignments, next.assignments]).toEqual([[], []]);
    expect(await status(id)).toMatchObject({ state: 'stopped' });
  });
});
