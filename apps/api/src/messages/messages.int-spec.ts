import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type ClaimAnswer,
  type ImageAnalysisView,
  type OutgoingMessage,
  SnapshotReadyMessage,
  type Video,
} from '@camfleet/protocol';
import { type MessageQueue, openSqsMessageQueue } from '@camfleet/queue';
import { type SqsPeer, startSqs } from '@camfleet/testing';
import { DEFAULT_LABEL_MAP } from '@camfleet/config';
import { WORKER_KEY, eventually } from '../../testing/api-harness';
import { VideoStage } from '../../testing/video-stage';

const REGION = 'us-east-1';
const CODES = { workspace_code: 'CTX1005', camera_code: 'CAM7' };
const hex = (digit: string) => digit.repeat(64);

describe('the messages of the snapshot pipeline, over SQS', () => {
  let sqs: SqsPeer;
  let stage: VideoStage;
  let queue: MessageQueue;
  beforeAll(async () => {
    // As the SDK finds them.
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    sqs = await startSqs();
    queue = await openSqsMessageQueue({ endpoint: sqs.url, region: REGION });
    stage = await VideoStage.start({
      messages: {
        sqs: { endpoint: sqs.url, region: REGION },
        videoTasksQueue: 'cvitx-video-tasks',
        snapshotTasksQueue: 'cvitx-snapshot-tasks',
        labelMap: DEFAULT_LABEL_MAP,
      },
    });
  }, 60_000);
  afterAll(async () => {
    await stage?.stop();
    await queue?.close();
    await sqs?.[Symbol.asyncDispose]();
  });

  const workspace = async () => (await stage.post('0123456789')).body;
  const process_video = (video: Pick<Video, 'id' | 'workspaceId'>, change: object = {}) => ({
    event: 'PROCESS_VIDEO',
    video_id: video.id,
    workspace_id: video.workspaceId,
    ...CODES,
    s3_key_raw: `demo_user/${video.workspaceId}/${video.id}/raw/film.mp4`,
    frame_stride: 5,
    recordedAt: '2026-11-21T10:00:00Z',
    ...change,
  });
  const post = (body: object) =>
    stage.api.call<{ videoId: string; jobs: { id: number; state: string }[]; error?: { code: string } }>(
      'POST',
      '/api/messages',
      { body },
    );
  const claim = async (type: string) => {
    const body = { worker_id: 'other', max_jobs: 1, lease_seconds: 60, analysis_types: [type] };
    const answer = await stage.api.call<ClaimAnswer>('POST', '/api/vision/claim', { body, key: WORKER_KEY });
    const [job] = answer.body.jobs;
    if (!job) throw new Error(`No job of ${type}: ${JSON.stringify(answer.body)}`);
    return job;
  };
  const result = (job: ClaimAnswer['jobs'][number], raw_response: unknown) =>
    stage.api.call('POST', '/api/vision/result', {
      key: WORKER_KEY,
      body: {
        ...{ worker_id: 'other', job_id: job.job_id, lease_token: job.lease_token, event_id: job.event_id },
        ...{ analysis_type: job.analysis_type, duration_ms: 1, model: 'm', version: '1', raw_response },
      },
    });
  const track = (track_id: number, label: string, key: string) => ({
    ...{ track_id, label, score: 0.9, start_ms: 0, end_ms: 3_000, boxes: [] },
    snapshot: { key, offset_ms: 2_272, box: [0, 0, 1, 1], score: 0.9, sharpness: 1 },
  });
  const analyses = async (id: string) =>
    (await stage.api.call<{ items: ImageAnalysisView[] }>('GET', `/api/videos/${id}/analyses`)).body.items;
  const received = async () => {
    const [message] = await queue.receive('cvitx-snapshot-tasks', {
      maxMessages: 1,
      waitSeconds: 5,
      visibilitySeconds: 60,
      signal: AbortSignal.timeout(20_000),
    });
    await message?.delete();
    return message && SnapshotReadyMessage.parse(JSON.parse(message.body));
  };

  it('make a job of a video whose file somebody else put into the store, and tell of each vehicle once', async () => {
    const { workspaceId } = await workspace();
    const video = { id: randomUUID(), workspaceId };
    const message = process_video(video);
    const path = join(stage.api.dataDirectory, 'assets', message.s3_key_raw);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '0123456789');
    await queue.send('cvitx-video-tasks', JSON.stringify({ ...message, sender: 'newer than we' }));
    await eventually('its job', async () => (await stage.video(video.id)).jobs?.length === 1, 20_000);
    expect(await stage.video(video.id)).toMatchObject({
      ...{ status: 'queued', fileName: 'film.mp4', codec: 'h264', recordedAt: '2026-11-21T10:00:00.000Z' },
    });

    const job = await claim('objects');
    expect(job.params).toMatchObject({ sampling: 'stride', frame_stride: 5, ...CODES });
    const folder = `demo_user/${workspaceId}/${video.id}/snapshots`;
    const key = (id: number) => `${folder}/CTX1005_CAM7_${String(id).padStart(6, '0')}_002272.jpg`;
    const raw = { truncated: false, tracks: [track(305, 'car', key(305)), track(306, 'dog', key(306))] };
    expect((await result(job, raw)).status).toBe(200);
    expect(await received()).toEqual({
      event: 'SNAPSHOT_READY',
      ...{ video_id: video.id, workspace_id: workspaceId, ...CODES, track_id: 305 },
      snapshot_s3_key: `s3://local/${key(305)}`,
      recordedAt: '2026-11-21T10:00:00.000Z',
      detectedIn: 2_272,
      detectedAt: '2026-11-21T10:00:02.272Z',
      yolo_type: 'Car',
    });
    // The video is done; nobody has classified yet, and nothing pretends that somebody has.
    expect((await stage.video(video.id)).status).toBe('done');
    expect(await analyses(video.id)).toMatchObject([
      { key: key(305), trackId: 305, yoloType: 'Car', status: 'queued', results: [] },
    ]);

    const second = await claim('classification');
    expect(second).toMatchObject({ params: { snapshot_key: key(305), yolo_type: 'Car' } });
    expect(decodeURIComponent(second.video_url)).toContain(key(305));
    expect((await analyses(video.id))[0]?.status).toBe('processing');
    const variant = (name: string, label: string) => ({
      variant: name,
      classifier: { name, version: '1', sha256: hex('a') },
      type: { label, conf: 0.8 },
      colors: [{ finish: 'Metallic', base: 'White', lightness: null, conf: 0.9 }],
      latency_ms: 12.5,
    });
    expect((await result(second, { variants: [] })).status).toBe(422);
    const third = await eventually('the next attempt', () => claim('classification').catch(() => undefined));
    const variants = [variant('baseline', 'SUV'), variant('cmt', 'Car')];
    expect((await result(third, { variants })).status).toBe(200);
    expect(await analyses(video.id)).toMatchObject([
      {
        status: 'done',
        results: [
          { variant: 'baseline', type: 'SUV', typeConf: 0.8, make: null, plate: null, latencyMs: 12.5 },
          { variant: 'cmt', type: 'Car', colors: [{ finish: 'Metallic', base: 'White', lightness: null }] },
        ],
      },
    ]);

    // Done again in another way, with the same snapshot: it was told, and it was classified.
    expect((await post({ ...message, frame_stride: 6 })).status).toBe(202);
    expect((await result(await claim('objects'), raw)).status).toBe(200);
    const told = await stage.api.call<{ items: OutgoingMessage[] }>(
      'GET',
      `/api/messages?videoId=${video.id}`,
    );
    expect(told.body.items).toMatchObject([{ state: 'sent', body: { track_id: 305 } }]);
    expect(await analyses(video.id)).toMatchObject([{ status: 'done', results: [{}, {}] }]);
    // `PROCESS_VIDEO_DB` knows how it was done last.
    const { body, status } = await post({
      event: 'PROCESS_VIDEO_DB',
      video_id: video.id,
      workspace_id: workspaceId,
    });
    expect([status, body]).toMatchObject([202, { videoId: video.id, jobs: [{ state: 'done' }] }]);
  }, 60_000);

  it('that nobody can do are dead at once, with the reason, and come back when an admin says so', async () => {
    const video = await workspace();
    await queue.send('cvitx-video-tasks', 'not { json');
    await queue.send('cvitx-video-tasks', JSON.stringify(process_video(video, { frame_stride: 0 })));
    const unknown = { ...video, id: randomUUID() };
    await queue.send('cvitx-video-tasks', JSON.stringify(process_video(unknown)));
    const dead = async () => {
      const { body } = await stage.api.call<{ items: { reason: string }[] }>('GET', '/api/messages/dead');
      return body.items.length >= 3 && body.items.map(({ reason }) => reason).sort();
    };
    expect(await eventually('all three', dead, 30_000)).toEqual([
      expect.stringMatching(/^VALIDATION_FAILED: It is not JSON/),
      expect.stringMatching(/^VALIDATION_FAILED: frame_stride: /),
      expect.stringMatching(/^VIDEO_NOT_FOUND: /),
    ]);
    const again = await stage.api.call('POST', '/api/messages/redrive');
    expect([again.status, again.body]).toEqual([200, { redriven: 3 }]);
    await eventually('all three again', dead, 30_000);
  }, 90_000);

  it('that wait for a worker of their tenant hold up nobody else’s', async () => {
    const headers = { 'X-Tenant-Id': 'lonely' };
    const { body } = await stage.api.call<{ key: string }>('POST', '/api/videos/presign', {
      headers,
      body: { fileName: 'a.mp4', sizeBytes: 1, contentType: 'video/mp4' },
    });
    const lonely = { id: randomUUID(), workspaceId: body.key.split('/')[1] ?? '' };
    const message = process_video(lonely);
    const path = join(stage.api.dataDirectory, 'assets', message.s3_key_raw);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '0123456789');
    await queue.send('cvitx-video-tasks', JSON.stringify(message));
    const waits = () => stage.api.call<Video>('GET', `/api/videos/${lonely.id}`, { headers });
    await eventually('it to wait', async () => (await waits()).status === 200, 20_000);

    const video = await workspace();
    await queue.send('cvitx-video-tasks', JSON.stringify(process_video(video)));
    await eventually('the other’s job', async () => (await stage.video(video.id)).jobs?.length === 1, 20_000);
    expect((await waits()).body.jobs).toEqual([]);
  }, 60_000);

  it('may name a workspace of the system that was there before', async () => {
    const video = { id: randomUUID(), workspaceId: randomUUID() };
    const message = process_video(video);
    const path = join(stage.api.dataDirectory, 'assets', message.s3_key_raw);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, '0123456789');
    expect((await post(message)).status).toBe(202);
    expect(await stage.video(video.id)).toMatchObject({ workspaceId: video.workspaceId, status: 'queued' });
    const body = { event: 'PROCESS_VIDEO_DB', video_id: video.id, workspace_id: video.workspaceId };
    expect((await post(body)).status).toBe(202);
    expect((await post({ ...body, workspace_id: randomUUID() })).status).toBe(404);
  });

  it('by HTTP are refused in so many words', async () => {
    const video = await workspace();
    expect((await post(process_video(video, { sender: 'us' }))).body.error?.code).toBe('VALIDATION_FAILED');
    expect((await post(process_video(video, { camera_code: 'Door' }))).status).toBe(400);
    expect((await post({ event: 'PROCESS_AUDIO' })).status).toBe(400);
    // Of another video.
    const s3_key_raw = `demo_user/${video.workspaceId}/${randomUUID()}/raw/film.mp4`;
    expect((await post(process_video(video, { s3_key_raw }))).status).toBe(400);
    expect((await post(process_video({ ...video, id: randomUUID() }, { s3_key_raw }))).status).toBe(400);
    expect((await post(process_video(video, { workspace_id: randomUUID() }))).status).toBe(404);
    expect((await post(process_video(video))).status).toBe(202);
  });
});
