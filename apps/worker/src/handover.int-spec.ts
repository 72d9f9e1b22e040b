import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MjpegPartParser } from '@camfleet/domain';
import type { Assignment } from '@camfleet/protocol';
import { createLogger } from '@camfleet/telemetry';
import { FAKE_API_KEY, FakeApi, MjpegCamera, anAssignment, until } from '@camfleet/testing';
import { SAMPLE_PHOTOS, fetchModels, fetchNpmFiles } from '@camfleet/vision';
import { type RunningWorker, startWorker } from './index';

const ROOT = join(__dirname, '..', '..', '..');
const MODELS = join(ROOT, '.models');
const DIST = join(__dirname, '..', 'dist');

jest.setTimeout(60_000);

describe('a worker that hands cameras over, and takes them over', () => {
  let directory = '';
  let photo: Buffer;
  let camera: MjpegCamera;
  let api: FakeApi;
  let worker: RunningWorker | undefined;
  let program: ChildProcess | undefined;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'handover-'));
    await fetchModels({ directory: MODELS });
    const samples = join(MODELS, 'photos');
    await fetchNpmFiles(SAMPLE_PHOTOS, { directory: samples });
    photo = await readFile(join(samples, 'sample1.jpg'));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  beforeEach(async () => {
    camera = await MjpegCamera.start(photo);
    api = await FakeApi.start();
  });

  afterEach(async () => {
    await worker?.stop();
    worker = undefined;
    program?.kill('SIGKILL');
    program = undefined;
    await api.stop();
    camera.stop();
  });

  async function start({ drainTimeoutMs = 60_000 } = {}): Promise<RunningWorker> {
    worker = await startWorker({
      childEntry: join(DIST, 'process', 'child.js'),
      logger: createLogger({ service: 'worker', level: 'silent' }),
      config: {
        apiUrls: [api.url],
        workerApiKey: FAKE_API_KEY,
        httpPort: 0,
        publicUrl: 'http://unused',
        name: 'test',
        tenantId: 'default',
        labels: {},
        dataDirectory: join(directory, 'data'),
        modelsDirectory: MODELS,
        models: {},
        drainTimeoutMs,
        outboxMaxBytes: 64 * 1024 * 1024,
        jobs: 0,
        decoderProcesses: 1,
      },
    });
    await until('the link is up', () => api.linkCount > 0, 20_000);
    return worker;
  }

  function assignment(about: Partial<Assignment> = {}): Assignment {
    const made = anAssignment({ cameraId: 'c', url: camera.url, ...about });
    return { ...made, analysis: { ...made.analysis, faces: { enabled: true, fps: 5 } } };
  }

  const streaming = (epoch: number) =>
    until(`epoch ${epoch} streams`, () => {
      const report = api.report('c');
      return report?.epoch === epoch && report.state === 'streaming';
    });

  const begun = (epoch: number) => api.events.filter((e) => e.epoch === epoch && e.state === 'new');

  /** Of one feed for as long as it lasts. */
  function watch(path: string) {
    const stop = new AbortController();
    const seen = { parts: 0, slates: 0, lastBytes: 0, hasEnded: false, stop: () => stop.abort() };
    const read = async () => {
      const headers = await api.signed({ method: 'GET', path });
      const response = await fetch(`${worker?.httpUrl}${path}`, { headers, signal: stop.signal });
      const parser = new MjpegPartParser({ boundary: 'frame' });
      for await (const chunk of response.body ?? []) {
        for (const { headers: about, body } of parser.push(chunk)) {
          seen.parts += 1;
          seen.slates += about.has('x-slate') ? 1 : 0;
          seen.lastBytes = body.length;
        }
      }
    };
    void read()
      .catch(() => undefined)
      .finally(() => (seen.hasEnded = true));
    return seen;
  }

  it('shows a standby and tells of nobody, until it runs: viewers see no gap, no visit is told twice', async () => {
    await start();
    api.assign(assignment({ epoch: 2, desired: 'standby' }));
    await streaming(2);
    const feed = watch('/cameras/c/feed?width=640');
    await until('it is shown', () => feed.parts > 10);
    expect(api.events).toEqual([]);
    api.assign(assignment({ epoch: 2 }));
    await until('the faces are told', () => begun(2).length >= 3, 20_000);
    api.assign(assignment({ epoch: 2, desired: 'releasing' }));
    const { parts } = feed;
    await until('it is still shown', () => feed.parts > parts + 5);
    expect(feed).toMatchObject({ slates: 0, hasEnded: false });
    expect(camera.connections).toBe(1);
    expect(api.events.filter(({ state }) => state === 'end')).toEqual([]);
    feed.stop();
  });

  it('keeps the picture of a camera that it gets again, and ends the visits of the old epoch', async () => {
    await start();
    api.assign(assignment());
    await until('the faces are told', () => begun(1).length >= 3, 20_000);
    const feed = watch('/cameras/c/feed?width=640');
    await until('it is shown', () => feed.parts > 3);
    api.assign(assignment({ epoch: 2 }));
    await streaming(2);
    await until('they are told anew', () => begun(2).length >= 3, 20_000);
    const ended = new Set(
      api.events.filter(({ state, epoch }) => state === 'end' && epoch === 1).map((e) => e.trackId),
    );
    expect(begun(1).every(({ trackId }) => ended.has(trackId))).toBe(true);
    expect(feed).toMatchObject({ slates: 0, hasEnded: false });
    expect(camera.connections).toBe(1);
    feed.stop();
  });

  it('takes new settings without letting the camera go, but not a new source', async () => {
    await start();
    const before = { ...assignment(), output: { jpegQuality: 90 } };
    api.assign(before);
    await streaming(1);
    const feed = watch('/cameras/c/feed?width=320');
    await until('it is shown', () => feed.parts > 3);
    const bytesBefore = feed.lastBytes;
    api.assign({ ...before, output: { jpegQuality: 20 } });
    await until('it is encoded smaller', () => feed.lastBytes < bytesBefore / 2);
    expect(camera.connections).toBe(1);
    api.assign({ ...before, source: { url: `${camera.url}?channel=2` } });
    await until('the new one is read', () => camera.connections === 2 && camera.viewers === 1);
    feed.stop();
  });

  it('goes on until others have taken its cameras, and is not ready meanwhile', async () => {
    const draining = await start();
    api.assign(assignment());
    await streaming(1);
    const isReady = async () => (await fetch(`${draining.httpUrl}/readyz`)).ok;
    expect(await isReady()).toBe(true);
    let isOver = false;
    const drained = draining.drain(new AbortController().signal).then(() => (isOver = true));
    await until('it has asked', () => api.drains === 1);
    api.assign(assignment({ desired: 'releasing' }));
    const { length } = api.heartbeats;
    await until('it heartbeats', () => api.heartbeats.length > length + 1);
    expect({ isOver, isReady: await isReady(), viewers: camera.viewers }).toEqual({
      isOver: false,
      isReady: false,
      viewers: 1,
    });
    api.assign();
    await drained;
    expect(camera.viewers).toBe(0);
  });

  it('does not wait for an API that will not take its cameras, nor longer than it may', async () => {
    const draining = await start({ drainTimeoutMs: 300 });
    api.assign(assignment());
    await streaming(1);
    await draining.drain(new AbortController().signal);
    expect(api.drains).toBe(1);
    await draining.stop();
    const refused = await start();
    await streaming(1);
    api.fault = (path) => (path.endsWith('/drain') ? { status: 403, code: 'FORBIDDEN' } : undefined);
    await refused.drain(new AbortController().signal);
  });

  async function run(): Promise<ChildProcess> {
    program = spawn(process.execPath, [join(DIST, 'main.js')], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        LOG_LEVEL: 'silent',
        API_URL: api.url,
        WORKER_API_KEY: FAKE_API_KEY,
        WORKER_HTTP_PORT: '0',
        DATA_DIR: join(directory, 'program'),
        MODELS_DIR: MODELS,
        DRAIN_TIMEOUT_MS: '60000',
        DECODER_PROCESSES: '1',
      },
    });
    api.assign(assignment());
    await streaming(1);
    return program;
  }

  it('ends well at SIGTERM when its cameras are taken, and tells what was seen last', async () => {
    const running = await run();
    await until('faces are told', () => begun(1).length >= 3, 20_000);
    const ended = once(running, 'exit');
    running.kill('SIGTERM');
    await until('it has asked', () => api.drains === 1);
    expect(running.exitCode).toBeNull();
    api.assign();
    expect(await ended).toEqual([0, null]);
    const told = new Set(api.events.filter(({ state }) => state === 'end').map(({ trackId }) => trackId));
    expect(begun(1).every(({ trackId }) => told.has(trackId))).toBe(true);
  });

  it('stops at once at the second signal', async () => {
    const running = await run();
    const ended = once(running, 'exit').then(([code]) => code);
    let code: unknown;
    void ended.then((value) => (code = value));
    running.kill('SIGTERM');
    await until('it has asked', () => api.drains === 1);
    await until('it has stopped', () => {
      running.kill('SIGTERM');
      return code !== undefined;
    });
    expect(code).toBe(0);
    expect(api.heartbeats.at(-1)?.cameras).toEqual([]);
  });
});
