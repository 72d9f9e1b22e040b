import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MjpegPartParser } from '@camfleet/domain';
import { FAKE_API_KEY, FakeApi, MjpegCamera, anAssignment, until } from '@camfleet/testing';
import { slateJpeg } from './capture/slate-jpeg';

const ROOT = join(__dirname, '..', '..', '..');
const MAIN = join(__dirname, '..', 'dist', 'main.js');
/** Beyond the lease, and beyond the time that a child has for its answers. */
const LONG_PAUSE_MS = 8_000;

jest.setTimeout(60_000);

describe('a worker whose time is not what it seems', () => {
  let directory = '';
  let camera: MjpegCamera;
  let api: FakeApi;
  let worker: ChildProcess;
  let viewing: AbortController;

  beforeEach(async () => {
    viewing = new AbortController();
    directory = await mkdtemp(join(tmpdir(), 'pauses-'));
    camera = await MjpegCamera.start(await slateJpeg({ last: undefined, lines: ['test'], width: 320 }));
    api = await FakeApi.start();
    api.leaseTtlMs = 1_000;
    api.heartbeatIntervalMs = 200;
    worker = spawn(process.execPath, [MAIN], {
      stdio: 'ignore',
      env: {
        PATH: process.env.PATH,
        LOG_LEVEL: 'silent',
        API_URL: api.url,
        WORKER_API_KEY: FAKE_API_KEY,
        WORKER_HTTP_PORT: '0',
        DATA_DIR: directory,
        MODELS_DIR: join(ROOT, '.models'),
        DRAIN_TIMEOUT_MS: '1',
        DECODER_PROCESSES: '1',
        // In quotes: a checkout's path may have spaces.
        NODE_OPTIONS: `--require "${join(__dirname, '..', 'fixtures', 'jumping-clock.cjs')}"`,
      },
    });
    api.assign(anAssignment({ cameraId: 'c', url: camera.url }));
    await until('it streams', () => api.report('c')?.state === 'streaming', 20_000);
  });

  afterEach(async () => {
    viewing.abort();
    worker.kill('SIGKILL');
    await api.stop();
    camera.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function get(path: string): Promise<Response> {
    const url = `${api.registrations[0]?.publicUrl}${path}`;
    return fetch(url, { headers: await api.signed({ method: 'GET', path }), signal: viewing.signal });
  }

  async function childPid(): Promise<number> {
    return Number(Object(await (await get('/status')).json()).children[0].pid);
  }

  /** The capture times of what one viewer is shown, for as long as the test runs. */
  function watch(): number[] {
    const times: number[] = [];
    const read = async () => {
      const parser = new MjpegPartParser({ boundary: 'frame' });
      for await (const chunk of (await get('/cameras/c/feed?width=source')).body ?? []) {
        for (const { headers } of parser.push(chunk)) times.push(Number(headers.get('x-timestamp')));
      }
    };
    void read().catch(() => undefined);
    return times;
  }

  it('shows and tells nothing old when it wakes from a pause, in which its child has closed the camera', async () => {
    const pid = await childPid();
    const shown = watch();
    await until('it is shown', () => shown.length > 3);
    worker.kill('SIGSTOP');
    const pausedAtMs = performance.now();
    await until('the camera is let go', () => camera.viewers === 0);
    await until('the pause is long', () => performance.now() - pausedAtMs > LONG_PAUSE_MS, 20_000);
    const before = { shown: shown.length, heartbeats: api.heartbeats.length };
    const wokeAtMs = api.nowMs();
    worker.kill('SIGCONT');
    await until('it is shown again', () => shown.length > before.shown + 3);
    const told = api.heartbeats.slice(before.heartbeats).flatMap(({ cameras }) => cameras);
    const streamed = told.filter(({ state }) => state === 'streaming');
    expect(told[0]?.state).toBe('reconnecting');
    expect(Math.min(...streamed.map(({ lastFrameAt }) => Date.parse(lastFrameAt ?? '')))).toBeGreaterThan(
      wokeAtMs,
    );
    expect(Math.min(...shown.slice(before.shown))).toBeGreaterThan(wokeAtMs);
    // The pause was the worker's own: its child answered all the time.
    expect(await childPid()).toBe(pid);
  });

  it('goes on as it was when the machine’s clock jumps by an hour', async () => {
    const pid = await childPid();
    const shown = watch();
    await until('it is shown', () => shown.length > 3);
    for (const jumping of [pid, Number(worker.pid)]) process.kill(jumping, 'SIGUSR2');
    const before = { shown: shown.length, heartbeats: api.heartbeats.length };
    await until('it heartbeats', () => api.heartbeats.length > before.heartbeats + 10);
    await until('it is shown', () => shown.length > before.shown + 20);
    expect(Math.abs((shown.at(-1) ?? 0) - api.nowMs())).toBeLessThan(5_000);
    expect(Math.abs(Date.parse(api.report('c')?.lastFrameAt ?? '') - api.nowMs())).toBeLessThan(5_000);
    expect((await get('/cameras/c/snapshot.jpg')).status).toBe(200);
    expect(camera.connections).toBe(1);
  });

  it('leaves no camera open when it is killed', async () => {
    worker.kill('SIGKILL');
    await until('the camera is let go', () => camera.viewers === 0, 1_000);
  });
});
