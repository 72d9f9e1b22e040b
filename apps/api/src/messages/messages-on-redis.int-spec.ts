import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ClaimAnswer, OutgoingMessage, SnapshotPage } from '@camfleet/protocol';
import { type MessageQueue, openBullMqMessageQueue } from '@camfleet/queue';
import { type RedisPeer, startRedis } from '@camfleet/testing';
import { Client } from 'pg';
import type { z } from 'zod';
import { type ApiHarness, WORKER_KEY, eventually } from '../../testing/api-harness';
import { VideoStage } from '../../testing/video-stage';

const VIDEO_TASKS = 'cvitx-video-tasks';
const SNAPSHOT_TASKS = 'cvitx-snapshot-tasks';
const CODES = { workspace_code: 'CTX1005', camera_code: 'CAM7' };
/** More than are looked at at a time. */
const MANY = 110;

type DeadPage = { items: { id: string; body: string; reason: string }[]; nextCursor: string | null };

describe('the messages of the snapshot pipeline, over Redis', () => {
  let redis: RedisPeer;
  let queue: MessageQueue;
  let database: Client;
  /** Without a queue. */
  let stage: VideoStage;
  /** With one. */
  let replica: ApiHarness | undefined;
  beforeAll(async () => {
    redis = await startRedis();
    queue = await openBullMqMessageQueue({ redisUrl: redis.url, onError: () => undefined });
    stage = await VideoStage.start({
      messages: {
        ...{ videoTasksQueue: VIDEO_TASKS, snapshotTasksQueue: SNAPSHOT_TASKS },
        labelMap: { boat: 'Van' },
      },
    });
    database = new Client({ connectionString: stage.api.databaseUrl });
    await database.connect();
  }, 60_000);
  afterAll(async () => {
    redis?.thaw();
    await replica?.stop();
    await database?.end();
    await stage?.stop();
    await queue?.close();
    await redis?.[Symbol.asyncDispose]();
  });

  const connected = async () => (replica ??= await stage.api.startReplica({ port: 0, redisUrl: redis.url }));
  const rows = async <Row extends object>(text: string, ...values: unknown[]) =>
    (await database.query<Row>(text, values)).rows;

  /** A message of a tenant about a file that lies in the store, and nothing else knows of. */
  async function message(tenant: string) {
    const headers = { 'X-Tenant-Id': tenant };
    const { body } = await stage.api.call<{ key: string }>('POST', '/api/videos/presign', {
      headers,
      body: { fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' },
    });
    const workspace_id = body.key.split('/')[1] ?? '';
    return () => messageOf(workspace_id);
  }
  async function messageOf(workspace_id: string) {
    const video_id = randomUUID();
    const s3_key_raw = `demo_user/${workspace_id}/${video_id}/raw/film.mp4`;
    const path = join(stage.api.dataDirectory, 'assets', s3_key_raw);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '0123456789');
    return { event: 'PROCESS_VIDEO', video_id, workspace_id, ...CODES, s3_key_raw, frame_stride: 5 };
  }
  const told = async (videoId: string) =>
    (await stage.api.call<{ items: OutgoingMessage[] }>('GET', `/api/messages?videoId=${videoId}`)).body
      .items;
  /** What is to be told of a track of another one's. */
  const toTell = (videoId: string, { dueInMs = 0, attempts = 0 } = {}) =>
    database.query(
      `INSERT INTO outgoing_messages (id, tenant_id, video_id, body, attempts, due_at)
       VALUES ($1, 'default', $2, '{"event":"TEST"}', $3, now() + $4 * interval '1 millisecond')`,
      [randomUUID(), videoId, attempts, dueInMs],
    );
  let videoId: string;

  it('come by HTTP where there is no queue, and what is to be told waits until there is one', async () => {
    const task = await (await message('default'))();
    videoId = task.video_id;
    expect((await stage.api.call('POST', '/api/messages', { body: task })).status).toBe(202);
    const body = { worker_id: 'other', max_jobs: 1, lease_seconds: 60, analysis_types: ['objects'] };
    const claim = await stage.api.call<ClaimAnswer>('POST', '/api/vision/claim', { body, key: WORKER_KEY });
    const [job] = claim.body.jobs;
    const folder = task.s3_key_raw.replace('raw/film.mp4', 'snapshots');
    const track = (track_id: number, label: string) => ({
      ...{ track_id, label, score: 0.9, start_ms: 0, end_ms: 3_000, boxes: [] },
      snapshot: {
        key: `${folder}/CTX1005_CAM7_00000${track_id}_000500.jpg`,
        ...{ offset_ms: 500, box: [0, 0, 1, 1], score: 0.9, sharpness: 1 },
      },
    });
    const result = await stage.api.call('POST', '/api/vision/result', {
      key: WORKER_KEY,
      body: {
        ...{ worker_id: 'other', job_id: job?.job_id, event_id: videoId, analysis_type: 'objects' },
        ...{ duration_ms: 1, model: 'm', version: '1' },
        raw_response: { truncated: false, tracks: [track(1, 'Boat'), track(2, 'car')] },
      },
    });
    expect(result).toMatchObject({ status: 200 });
    // What the installation's label map lacks makes a snapshot and no message.
    const { items } = (
      await stage.api.call<z.infer<typeof SnapshotPage>>('GET', `/api/videos/${videoId}/snapshots`)
    ).body;
    expect(items.map(({ label }) => label)).toEqual(['Boat', 'car']);
    expect(await told(videoId)).toMatchObject([
      { state: 'pending', attempts: 0, body: { track_id: 1, yolo_type: 'Van' } },
    ]);
    expect((await stage.api.call('GET', '/api/messages/dead')).status).toBe(404);
    expect((await stage.api.call('POST', '/api/messages/redrive')).status).toBe(404);

    await connected();
    const [sent] = await queue.receive(SNAPSHOT_TASKS, {
      ...{ maxMessages: 1, waitSeconds: 20, visibilitySeconds: 60 },
      signal: AbortSignal.timeout(20_000),
    });
    expect(JSON.parse(sent?.body ?? '{}')).toMatchObject({ event: 'SNAPSHOT_READY', video_id: videoId });
    await sent?.delete();
    await eventually('it to be marked', async () => (await told(videoId))[0]?.state === 'sent');
  }, 60_000);

  it('become a job when they come by queue', async () => {
    await connected();
    const task = await (await message('default'))();
    await queue.send(VIDEO_TASKS, JSON.stringify(task));
    await eventually('its job', async () => (await stage.video(task.video_id)).jobs?.length === 1, 20_000);
  }, 60_000);

  it('hold nothing of the database while the queue takes its time, and leave when it is back', async () => {
    await connected();
    redis.freeze();
    await toTell(videoId);
    const pending = async () =>
      (await told(videoId)).find(({ state, attempts }) => state === 'pending' && attempts > 0);
    const { id } = await eventually('somebody to send it', pending, 20_000);
    expect(await rows('SELECT id FROM outgoing_messages WHERE id = $1 FOR UPDATE NOWAIT', id)).toEqual([
      { id },
    ]);
    redis.thaw();
    // As somebody leaves it who died while sending.
    await toTell(videoId, { attempts: 1, dueInMs: 1_000 });
    await eventually(
      'all to leave',
      async () => (await told(videoId)).every(({ state }) => state === 'sent'),
      20_000,
    );
  }, 60_000);

  it('of a tenant that has used up its quota wait, keep nobody else’s waiting, and are done in their time', async () => {
    const api = await connected();
    const full = await message('full');
    const limit = (videos: number) =>
      database.query(`UPDATE tenants SET quota_videos_per_day = $1 WHERE id = 'full'`, [videos]);
    const taken = async () => (await rows(`SELECT id FROM videos WHERE tenant_id = 'full'`)).length;
    const before = await taken();
    await limit(0);
    for (let count = 0; count < MANY; count += 1) await queue.send(VIDEO_TASKS, JSON.stringify(await full()));
    const task = await (await message('default'))();
    await queue.send(VIDEO_TASKS, JSON.stringify(task));
    await eventually('its job', async () => (await stage.video(task.video_id)).jobs?.length === 1, 20_000);
    expect(await taken()).toBe(before);
    await limit(1_000);
    await eventually('theirs', async () => (await taken()) === before + MANY, 40_000);
    expect((await api.call<DeadPage>('GET', '/api/messages/dead')).body.items).toEqual([]);
  }, 90_000);

  it('that nobody can do are shown page by page to those whose they are, who alone can send them again', async () => {
    const api = await connected();
    const theirs = await (await message('theirs'))();
    const body = { name: 'a', role: 'admin' };
    const headers = { 'X-Tenant-Id': 'theirs' };
    const { key } = (await api.call<{ key: string }>('POST', '/api/keys', { body, headers })).body;
    const mine = await (await message('default'))();
    const wrong = { frame_stride: 0 };
    for (let count = 0; count < 3; count += 1)
      await queue.send(VIDEO_TASKS, JSON.stringify({ ...theirs, ...wrong, count }));
    await queue.send(VIDEO_TASKS, JSON.stringify({ ...mine, ...wrong }));
    await queue.send(VIDEO_TASKS, 'not { json');
    const dead = async (query = '', options: { key?: string } = {}) =>
      (await api.call<DeadPage>('GET', `/api/messages/dead${query}`, options)).body;
    await eventually('all five', async () => (await dead()).items.length === 5, 20_000);

    const first = await dead('?limit=2', { key });
    expect(first.items).toHaveLength(2);
    const second = await dead(`?limit=2&cursor=${first.nextCursor}`, { key });
    const seen = [...first.items, ...second.items];
    expect(seen.map(({ body: text }) => JSON.parse(text).count).sort()).toEqual([0, 1, 2]);
    expect(second.nextCursor).toBeNull();

    const redrive = async (request?: object) =>
      (await api.call('POST', '/api/messages/redrive', { key, body: request })).body;
    const others = (await dead()).items.filter(({ id }) => !seen.some((letter) => letter.id === id));
    expect(await redrive({ ids: others.map(({ id }) => id) })).toEqual({ redriven: 0 });
    expect(await redrive({ ids: [seen[0]?.id] })).toEqual({ redriven: 1 });
    await eventually('it to be dead again', async () => (await dead('', { key })).items.length === 3, 20_000);
    expect(await redrive()).toEqual({ redriven: 3 });
    await eventually('all again', async () => (await dead()).items.length === 5, 20_000);
    expect((await dead()).items.slice(0, 2).map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    expect(await redrive({ id: 'x' })).toMatchObject({ error: { code: 'VALIDATION_FAILED' } });
  }, 60_000);
});
