import { ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { TestWorker } from '../../testing/test-worker';

interface Status {
  state: string;
  workerId: string | null;
  epoch: number;
  reason?: string;
}

describe('the fleet', () => {
  let api: ApiHarness;
  const workers: TestWorker[] = [];
  const worker = async (id: string, capacity?: number) => {
    const started = await new TestWorker(api, id, capacity).online();
    workers.push(started);
    return started;
  };
  const status = async (id: string) =>
    (await api.call<Status>('GET', `/api/cameras/${id}/stream/status`)).body;
  const start = (id: string) =>
    api.call<Status & { commandId: string | null }>('POST', `/api/cameras/${id}/stream/start`);

  beforeEach(async () => {
    // Long enough that a busy machine loses no worker by accident.
    api = await ApiHarness.start({ leaseTtlMs: 60_000, heartbeatIntervalMs: 30_000 });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((each) => each.die()));
    await api.stop();
  });

  it('gives a started camera to the worker, which is told it with its password and reports it', async () => {
    const w = await worker('w1');
    const id = await api.createCamera({ source: { url: 'rtsp://u:pw@127.0.0.1/x' } });
    const started = await start(id);
    expect(started).toMatchObject({ status: 202, body: { workerId: 'w1', epoch: 1, state: 'starting' } });
    await w.heartbeat();
    expect(w.assignments).toMatchObject([
      {
        cameraId: id,
        epoch: 1,
        desired: 'running',
        source: { url: 'rtsp://127.0.0.1/x', username: 'u', password: 'pw' },
      },
    ]);
    await w.heartbeat();
    expect(await status(id)).toMatchObject({ state: 'streaming', workerId: 'w1' });
    const command = await api.call('GET', `/api/commands/${String(started.body.commandId)}`);
    expect(command.body).toMatchObject({ type: 'ASSIGN_CAMERA', state: 'succeeded', cameraId: id, epoch: 1 });
  });

  it('answers a second start, and a stop of a stopped one, with no command', async () => {
    await worker('w1');
    const id = await api.createCamera();
    await start(id);
    expect((await start(id)).body).toMatchObject({ commandId: null, epoch: 1 });
    await api.call('POST', `/api/cameras/${id}/stream/stop`);
    expect((await api.call('POST', `/api/cameras/${id}/stream/stop`)).body).toMatchObject({
      commandId: null,
      state: 'stopped',
    });
  });

  it('ends the epoch with a stop and makes a new one with the next start', async () => {
    const w = await worker('w1');
    const id = await api.createCamera();
    await start(id);
    await w.heartbeat();
    const stopped = await api.call<{ commandId: string }>('POST', `/api/cameras/${id}/stream/stop`);
    await w.heartbeat();
    expect(w.assignments).toEqual([]);
    await w.heartbeat();
    expect((await api.call('GET', `/api/commands/${stopped.body.commandId}`)).body).toMatchObject({
      state: 'succeeded',
    });
    expect((await start(id)).body).toMatchObject({ epoch: 2 });
  });

  it('starts a stopped camera at once, though its worker still reports the stream before', async () => {
    const w = await worker('w1');
    const id = await api.createCamera();
    await start(id);
    await w.heartbeat();
    await w.heartbeat();
    await api.call('POST', `/api/cameras/${id}/stream/stop`);
    expect((await start(id)).body).toMatchObject({ workerId: 'w1', epoch: 2 });
  });

  it('lets a camera wait with its reason, and places it as soon as a worker comes', async () => {
    const id = await api.createCamera();
    expect((await start(id)).body).toMatchObject({
      state: 'starting',
      workerId: null,
      reason: expect.stringContaining('NO_WORKER_AVAILABLE'),
    });
    const w = await worker('late');
    await eventually('the camera is placed', async () => (await status(id)).workerId === w.id);
  });

  it('moves the cameras of a worker whose lease ends, under a new epoch', async () => {
    await api.stop();
    api = await ApiHarness.start({ leaseTtlMs: 2_000, heartbeatIntervalMs: 500 });
    const a = await worker('a');
    const id = await api.createCamera();
    await start(id);
    await a.heartbeat();
    const b = await worker('b');
    await eventually(
      'the camera is on b',
      async () => {
        await b.heartbeat();
        const now = await status(id);
        return now.workerId === 'b' && now.epoch >= 2;
      },
      30_000,
    );
    expect((await a.heartbeat()).body).toMatchObject({ error: { code: 'WORKER_NOT_REGISTERED' } });
  });

  it('moves them at once when the process is gone, long before the lease ends', async () => {
    const a = await worker('a');
    await a.openLink(() => undefined);
    const id = await api.createCamera();
    await start(id);
    const b = await worker('b');
    await a.die();
    await eventually('the camera is on b', async () => (await status(id)).workerId === b.id, 3_000);
  });

  it('wakes a worker over its link when there is something for it', async () => {
    // No heartbeat is missed in this time: nothing but the camera can wake the worker.
    const w = await worker('w1');
    const id = await api.createCamera();
    let wakes = 0;
    await w.openLink(() => (wakes += 1));
    await start(id);
    await eventually('a wake', () => wakes > 0, 3_000);
  });

  it('sends a second process under the same id away while the first one lives', async () => {
    const first = await worker('same');
    const second = await new TestWorker(api, 'same').listen();
    workers.push(second);
    expect(await second.register()).toMatchObject({
      status: 409,
      body: { error: { code: 'WORKER_ID_IN_USE' } },
    });
    await first.die();
    expect(await second.register()).toMatchObject({ status: 201 });
    expect(await first.heartbeat()).toMatchObject({
      status: 409,
      body: { error: { code: 'WORKER_REPLACED' } },
    });
  });

  it('keeps the secret of an instance that registers again: its answers may come in any order', async () => {
    const w = await worker('w1');
    const [first, again] = [await w.register(), await w.register()];
    expect(again.body).toMatchObject({ secret: first.body.secret });
  });

  it("lets a tenant's worker key speak for that tenant's workers alone", async () => {
    await worker('theirs');
    const { key } = (
      await api.call<{ key: string }>('POST', '/api/keys', {
        body: { name: 'acme', role: 'worker' },
        headers: { 'X-Tenant-Id': 'acme' },
      })
    ).body;
    const theirs = workers[0];
    const beat = { instanceId: theirs?.instanceId, revision: -1, load: { cpu: 0, memory: 0 }, cameras: [] };
    const body = { ...beat, outbox: { depth: 0, lostEvents: 0, lostSnapshots: 0 } };
    const answer = await api.call('POST', '/api/workers/theirs/heartbeat', { key, body });
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'WORKER_NOT_REGISTERED' } } });
  });

  it('tells a removed worker to stop for good', async () => {
    const w = await worker('w1');
    expect((await api.call('DELETE', '/api/workers/w1')).status).toBe(202);
    expect(await w.heartbeat()).toMatchObject({ status: 410, body: { error: { code: 'WORKER_REMOVED' } } });
    expect(await w.register()).toMatchObject({ status: 410, body: { error: { code: 'WORKER_REMOVED' } } });
  });

  it('stops a camera whose file reached its end, and says why', async () => {
    const w = await worker('w1');
    const id = await api.createCamera({ source: { url: 'file:clip.mp4', maxFrames: 3 } });
    await start(id);
    await w.heartbeat();
    w.reports.set(id, { state: 'stopped', reason: 'MAX_FRAMES: All 20 frames have been played.' });
    await w.heartbeat();
    expect(await status(id)).toMatchObject({ state: 'stopped', reason: 'MAX_FRAMES' });
  });

  it('says beside a stream that its objects cannot be looked for: only the log of the worker would know', async () => {
    const w = await worker('w1');
    const id = await api.createCamera({ analysis: { objects: { enabled: true } } });
    await start(id);
    await w.heartbeat();
    const objects = 'MODEL_UNAVAILABLE: The model "nanodet" cannot be fetched; it is tried again.';
    w.reports.set(id, { state: 'streaming', analysis: { objects } });
    await w.heartbeat();
    expect(await status(id)).toMatchObject({ state: 'streaming', analysis: { objects } });
    w.reports.set(id, { state: 'streaming' });
    await w.heartbeat();
    expect(await status(id)).not.toHaveProperty('analysis');
  });

  it('refuses to look for what no detector knows, and names what they know', async () => {
    const wanting = (label: string) => ({
      body: { name: 'c', source: { url: 'rtsp://h/x' }, analysis: { objects: { classes: ['car', label] } } },
    });
    const refused = await api.call('POST', '/api/cameras', wanting('unicorn'));
    expect(refused).toMatchObject({
      status: 400,
      body: {
        error: { code: 'VALIDATION_FAILED', message: expect.stringMatching(/"unicorn".*person, bicycle/) },
      },
    });
    expect((await api.call('POST', '/api/cameras', wanting('dog'))).status).toBe(201);
    const id = await api.createCamera();
    const { body } = wanting('unicorn');
    expect(
      (await api.call('PATCH', `/api/cameras/${id}`, { body: { analysis: body.analysis } })).status,
    ).toBe(400);
  });

  it('looks for what a detector of the users’ own knows', async () => {
    await api.call('POST', '/api/workers/register', {
      key: WORKER_KEY,
      body: {
        ...{ workerId: 'w1', instanceId: 'i', name: 'w1', publicUrl: 'http://127.0.0.1:1', version: '1' },
        capacity: { cameras: 1 },
        models: [{ name: 'stable', version: '1', kind: 'object-detector', labels: ['unicorn'] }],
      },
    });
    await api.createCamera({ analysis: { objects: { classes: ['unicorn', 'horse'] } } });
  });

  it('puts no more cameras on a worker than it can take', async () => {
    await worker('small', 1);
    const [a, b] = [await api.createCamera(), await api.createCamera()];
    await start(a);
    expect((await start(b)).body).toMatchObject({ workerId: null, reason: expect.stringContaining('full') });
  });

  it.each(['wrong-key-wrong-key', null])('lets nobody register with the key %s', async (key) => {
    expect((await api.call('POST', '/api/workers/register', { key, body: {} })).status).toBe(401);
    expect((await api.call('GET', '/api/cameras', { key: WORKER_KEY })).status).toBe(403);
  });

  it('takes everything back when a camera is deleted while it streams', async () => {
    const w = await worker('w1');
    const id = await api.createCamera();
    await start(id);
    await w.heartbeat();
    expect((await api.call('DELETE', `/api/cameras/${id}`)).status).toBe(204);
    await w.heartbeat();
    expect(w.assignments).toEqual([]);
    expect((await api.call('GET', `/api/cameras/${id}/stream/status`)).body).toMatchObject({
      error: { code: 'CAMERA_NOT_FOUND' },
    });
  });
});
