import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CameraSimulator, makeTestClip, startCameraSimulator } from '@camfleet/camera-simulator';
import { MjpegPartParser } from '@camfleet/domain';
import { EmbedResult, ProbeResult } from '@camfleet/protocol';
import { createLogger } from '@camfleet/telemetry';
import { FAKE_API_KEY, FakeApi, anAssignment, until } from '@camfleet/testing';
import { SAMPLE_PHOTOS, fetchModels, fetchNpmFiles } from '@camfleet/vision';
import { type RunningWorker, startWorker } from './index';

const ROOT = join(__dirname, '..', '..', '..');
const MODELS = join(ROOT, '.models');
/** Built: a child is a program of its own. */
const CHILD_ENTRY = join(__dirname, '..', 'dist', 'process', 'child.js');
/** The fleet's clock, two days ahead of this machine's. */
const CLOCK_AHEAD_MS = 2 * 86_400_000;

interface Part {
  timestampMs: number;
  slate: boolean;
  jpeg: Buffer;
}

jest.setTimeout(60_000);

describe('a worker in its fleet', () => {
  let directory = '';
  let simulator: CameraSimulator;
  let api: FakeApi;
  let worker: RunningWorker | undefined;
  let photos: Server;
  let photo: Buffer;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'worker-'));
    const clip = join(directory, 'clip.h264');
    await makeTestClip({ path: clip });
    simulator = await startCameraSimulator({
      cameras: [
        { path: '/one', clip },
        { path: '/two', clip, username: 'user', password: 'right' },
      ],
    });
    await fetchModels({ directory: MODELS });
    const samples = join(ROOT, '.models', 'photos');
    await fetchNpmFiles(SAMPLE_PHOTOS, { directory: samples });
    photo = await readFile(join(samples, 'sample1.jpg'));
    photos = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': photo.length });
      response.end(photo);
    });
    await new Promise<void>((resolve) => photos.listen(0, '127.0.0.1', resolve));
  });

  afterAll(async () => {
    photos.close();
    await simulator.close();
    await rm(directory, { recursive: true, force: true });
  });

  beforeEach(async () => {
    api = await FakeApi.start();
    api.clockAheadMs = CLOCK_AHEAD_MS;
  });

  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    await api.stop();
  });

  async function start(data = 'data', childEntry = CHILD_ENTRY): Promise<RunningWorker> {
    worker = await startWorker({
      childEntry,
      logger: createLogger({ service: 'worker', level: 'silent' }),
      config: {
        apiUrls: [api.url],
        workerApiKey: FAKE_API_KEY,
        httpPort: 0,
        publicUrl: 'http://unused',
        name: 'test',
        tenantId: 'default',
        labels: {},
        mediaDirectory: directory,
        dataDirectory: join(directory, data),
        modelsDirectory: MODELS,
        models: {},
        drainTimeoutMs: 1_000,
        outboxMaxBytes: 64 * 1024 * 1024,
        jobs: 0,
        decoderProcesses: 1,
      },
    });
    await until('the worker heartbeats', () => api.heartbeats.length > 0, 20_000);
    await until('the link is up', () => api.linkCount > 0);
    return worker;
  }

  const get = async (path: string, signal?: AbortSignal) =>
    fetch(`${worker?.httpUrl}${path}`, { headers: await api.signed({ method: 'GET', path }), signal });

  const post = async (path: string, content: unknown) => {
    const body = content instanceof Buffer ? content : Buffer.from(JSON.stringify(content));
    const headers = await api.signed({ method: 'POST', path, body });
    return fetch(`${worker?.httpUrl}${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
  };

  /** Watches a feed until it has shown so many parts. */
  async function watch(path: string, count: number): Promise<Part[]> {
    const stop = new AbortController();
    const response = await get(path, stop.signal);
    expect(response.status).toBe(200);
    const parser = new MjpegPartParser({ boundary: 'frame' });
    const parts: Part[] = [];
    for await (const chunk of response.body ?? []) {
      for (const { headers, body } of parser.push(chunk)) {
        expect(headers.get('content-length')).toBe(String(body.length));
        const timestampMs = Number(headers.get('x-timestamp'));
        parts.push({ timestampMs, slate: headers.has('x-slate'), jpeg: body });
      }
      if (parts.length >= count) break;
    }
    stop.abort();
    return parts;
  }

  const streaming = (cameraId: string) =>
    until(`${cameraId} streams`, () => api.report(cameraId)?.state === 'streaming');

  it('says what its models’ scores mean, also when its children are slow: else nobody is ever recognised', async () => {
    await start('slow', join(__dirname, '../fixtures/slow-child.cjs'));
    const embedder = api.registrations[0]?.models.find(({ kind }) => kind === 'face-embedder');
    expect(embedder).toMatchObject({ name: expect.any(String), calibration: { points: expect.any(Array) } });
  });

  it('shows moving pictures of an RTSP camera, with the fleet’s time on them', async () => {
    await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    const parts = await watch('/cameras/one/feed?width=320&overlay=true', 10);
    const pictures = new Set(parts.map(({ jpeg }) => jpeg.toString('base64')));
    expect(pictures.size).toBeGreaterThan(5);
    const times = parts.map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(Math.abs((times.at(-1) ?? 0) - api.nowMs())).toBeLessThan(5_000);
    const still = await get('/cameras/one/snapshot.jpg');
    expect(still.headers.get('content-type')).toBe('image/jpeg');
    expect(api.nowMs() - Number(still.headers.get('x-timestamp'))).toBeLessThan(2_500);
  });

  it('answers nobody but the API', async () => {
    await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    for (const path of ['/cameras/one/feed', '/cameras/one/snapshot.jpg', '/status']) {
      expect((await fetch(`${worker?.httpUrl}${path}`)).status).toBe(401);
    }
    expect(await (await fetch(`${worker?.httpUrl}/healthz`)).json()).toMatchObject({
      instanceId: api.registrations[0]?.instanceId,
    });
    expect(await (await fetch(`${worker?.httpUrl}/metrics`)).text()).toContain(
      'camfleet_worker_outbox_events',
    );
  });

  it('stops a camera that the list lacks, ends its viewers and lets go of the source', async () => {
    await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    const response = await get('/cameras/one/feed');
    api.assign();
    await until('the camera is reported no more', () => api.heartbeats.at(-1)?.cameras.length === 0);
    await response.arrayBuffer();
    expect(simulator.status().find(({ path }) => path === '/one')).toMatchObject({ viewers: 0 });
    expect((await get('/cameras/one/feed')).status).toBe(404);
  });

  it('says why a camera fails, and fails the command that asked for it', async () => {
    await start();
    const source = { url: simulator.url('/two'), username: 'user', password: 'wrong' };
    const expiresAt = new Date(api.nowMs() + 60_000).toISOString();
    api.commands = [
      { commandId: 'k', type: 'ASSIGN_CAMERA', cameraId: 'two', epoch: 1, revision: 1, expiresAt },
    ];
    api.assign({ ...anAssignment({ cameraId: 'two', url: source.url }), source });
    await until('it is reported', () => api.report('two')?.reason?.startsWith('SOURCE_UNAUTHORIZED'));
    await until('the command failed', () => api.results.some(({ commandId }) => commandId === 'k'));
    expect(JSON.stringify(api.heartbeats)).not.toContain('wrong');
  });

  it('probes a source and says what is wrong with another', async () => {
    await start();
    const found = await post('/probe', { source: { url: simulator.url('/one') } });
    expect(ProbeResult.parse(await found.json())).toMatchObject({ codec: 'h264', width: 640, height: 360 });
    const missing = await post('/probe', { source: { url: simulator.url('/one').replace('/one', '/none') } });
    expect(missing.status).toBe(422);
    expect(await missing.json()).toMatchObject({ error: { code: 'SOURCE_NOT_FOUND' } });
  });

  it('finds the faces in a photo, and says when a file is none', async () => {
    await start();
    const found = EmbedResult.parse(await (await post('/embed', photo)).json());
    expect(found.faces.length).toBeGreaterThanOrEqual(3);
    expect(found.faces[0]?.embedding.vector).toHaveLength(512);
    expect((await post('/embed', Buffer.from('no picture'))).status).toBe(415);
  });

  it('tells of the faces before a camera, with pictures, and of their end when it stops', async () => {
    await start();
    const address = photos.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const camera = anAssignment({ cameraId: 'faces', url: `http://127.0.0.1:${port}/photo.jpg` });
    camera.analysis.faces = { enabled: true, fps: 5 };
    api.assign(camera);
    const begun = () => api.events.filter(({ state }) => state === 'new');
    await until('the faces are told', () => begun().length >= 3, 20_000);
    for (const event of begun()) {
      expect(
        Buffer.from(event.snapshot ?? '', 'base64')
          .subarray(0, 2)
          .toString('hex'),
      ).toBe('ffd8');
      expect(Math.abs(Date.parse(event.occurredAt) - api.nowMs())).toBeLessThan(30_000);
    }
    api.assign();
    await until('all of them have ended', () => {
      const ended = new Set(api.events.filter(({ state }) => state === 'end').map(({ trackId }) => trackId));
      return begun().every(({ trackId }) => ended.has(trackId));
    });
  });

  it('ends the visits of a child that is killed, and runs its cameras again', async () => {
    await start();
    const address = photos.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const camera = anAssignment({ cameraId: 'faces', url: `http://127.0.0.1:${port}/photo.jpg` });
    camera.analysis.faces = { enabled: true, fps: 5 };
    api.assign(camera);
    await until('a face is told', () => api.events.length > 0, 20_000);
    const status = await (await get('/status')).json();
    process.kill(Number(Object(status).children[0].pid), 'SIGKILL');
    const interrupted = await until('its visit has ended', () =>
      api.events.find(({ state, data }) => state === 'end' && data?.interrupted === true),
    );
    expect(interrupted.id).toBe(`${interrupted.trackId}:end`);
    await until('it streams again', () => (api.report('faces')?.restarts ?? 0) > 0);
    await streaming('faces');
  });

  it('ends at its start the visits that a kill -9 of the last run left open', async () => {
    const outbox = join(directory, 'killed', 'outbox');
    await mkdir(outbox, { recursive: true });
    const seen = {
      cameraId: 'c',
      epoch: 1,
      occurredAt: '2026-01-01T00:00:00.000Z',
      score: 0.9,
      box: [0, 0, 1, 1],
    };
    const event = { ...seen, id: 'left:new', type: 'face', trackId: 'left', state: 'new' };
    await writeFile(join(outbox, 'open-visits.jsonl'), `${JSON.stringify(event)}\n`);
    await start('killed');
    await until('it is ended', () => api.events.some(({ id }) => id === 'left:end'));
  });

  it('closes its cameras by itself when it cannot renew its lease, and opens them when it can again', async () => {
    api.leaseTtlMs = 1_000;
    api.heartbeatIntervalMs = 200;
    await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    const viewers = () => simulator.status().find(({ path }) => path === '/one')?.viewers;
    expect(viewers()).toBe(1);
    api.fault = () => ({ status: 500, code: 'INTERNAL_ERROR' });
    await until('the source is let go', () => viewers() === 0, 3_000);
    api.fault = () => undefined;
    await until('it is pulled again', () => viewers() === 1);
  });

  it('holds its cameras while the API has no database', async () => {
    // No machine that is merely busy keeps the worker silent for so long.
    api.leaseTtlMs = 3_000;
    api.heartbeatIntervalMs = 200;
    await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    let refused = 0;
    api.fault = (path) => {
      if (path.endsWith('/heartbeat')) refused += 1;
      return { status: 503, code: 'DATABASE_UNAVAILABLE' };
    };
    await until('heartbeats were refused for longer than a lease', () => refused > 20, 25_000);
    expect(simulator.status().find(({ path }) => path === '/one')).toMatchObject({ viewers: 1 });
  });

  it('is known to be gone as soon as it stops: its cameras would be dark for a whole lease', async () => {
    const stopping = await start();
    api.assign(anAssignment({ cameraId: 'one', url: simulator.url('/one') }));
    await streaming('one');
    const atTheEnd: Promise<unknown>[] = [];
    api.fault = (path, body) => {
      if (!path.endsWith('/heartbeat') || Object(body).cameras.length > 0) return undefined;
      const links = api.linkCount;
      const health = fetch(`${stopping.httpUrl}/healthz`).then(
        () => 'answers',
        () => 'refused',
      );
      atTheEnd.push(health.then((said) => ({ links, health: said })));
      return undefined;
    };
    await stopping.stop();
    worker = undefined;
    await until('the link has ended', () => api.linkCount === 0);
    expect(await Promise.all(atTheEnd)).toEqual([{ links: 1, health: 'refused' }]);
  });

  it('stops for good when it was replaced', async () => {
    await start();
    api.fault = () => ({ status: 409, code: 'WORKER_REPLACED' });
    expect(await worker?.ended).toBe('WORKER_REPLACED');
  });

  it('registers again when the API does not know it', async () => {
    await start();
    api.fault = (path) =>
      path.endsWith('/heartbeat') && api.registrations.length < 2
        ? { status: 404, code: 'WORKER_NOT_REGISTERED' }
        : undefined;
    await until('it registers', () => api.registrations.length === 2);
    expect(api.registrations[1]).toMatchObject({ workerId: api.registrations[0]?.workerId });
  });
});
