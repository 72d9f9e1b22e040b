import type { ClipUpload, EventView, Video } from '@camfleet/protocol';
import { WORKER_KEY } from '../../testing/api-harness';
import { VideoStage, auth } from '../../testing/video-stage';

const CLIP = '0123456789';

describe('clips of events', () => {
  let stage: VideoStage;
  let cameraId: string;
  beforeAll(async () => {
    stage = await VideoStage.start();
    cameraId = await stage.api.createCamera({ code: 'CAM4', analysis: { jobs: ['objects', 'yolo_boxes'] } });
    await stage.api.call('POST', `/api/cameras/${cameraId}/stream/start`);
    await stage.worker.heartbeat();
  });
  afterAll(() => stage?.stop());

  const asWorker = <Body>(path: string, body: object) =>
    stage.api.call<Body>('POST', path, { key: WORKER_KEY, body: { workerId: 'w', ...body } });
  const event = async (id: string) => {
    const about = { id, type: 'object', cameraId, epoch: 1, trackId: id, state: 'new', score: 0.9 };
    const occurredAt = new Date().toISOString();
    const events = [{ ...about, box: [0.1, 0.1, 0.2, 0.2], occurredAt }];
    const { body } = await asWorker<{ accepted: number }>('/api/events', { events });
    expect(body.accepted).toBe(1);
  };
  const begin = (id: string, sizeBytes = CLIP.length) =>
    asWorker<ClipUpload>(`/api/events/${id}/clip`, { sizeBytes, startedAt: '2026-11-21T10:00:00.000Z' });
  const put = async ({ body }: { body: ClipUpload }) => {
    const headers = { 'Content-Type': 'video/mp4' };
    const { status } = await fetch(body.uploadUrl ?? '', { method: 'PUT', body: CLIP, headers });
    expect(status).toBe(200);
  };
  const complete = (id: string) => asWorker(`/api/events/${id}/clip/complete`, {});

  it('are played under their event, looked at by the jobs of its camera, and no list of uploads shows them', async () => {
    await event('e1');
    await put(await begin('e1'));
    expect((await complete('e1')).status).toBe(204);
    expect((await complete('e1')).status).toBe(204);
    const seen = (await stage.api.call<EventView>('GET', '/api/events/e1')).body;
    const clip = (await stage.api.call<Video>('GET', `/api/videos/${seen.clipVideoId ?? ''}`)).body;
    expect(clip.eventId).toBe('e1');
    expect(clip.fileName).toMatch(/^Clip of .+\.mp4$/);
    // A worker that never heard of it asks again.
    expect((await begin('e1')).body).toEqual({ uploadUrl: null });

    const played = await fetch(`${stage.api.url}/video/e1`, { headers: auth() });
    expect(await played.text()).toBe(CLIP);
    const { items } = (await stage.api.call<{ items: object[] }>('GET', '/api/jobs?eventId=e1')).body;
    expect(items).toHaveLength(2);
    expect(items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ eventId: 'e1', analysisType: 'objects', state: 'queued' }),
        expect.objectContaining({ eventId: 'e1', analysisType: 'yolo_boxes', state: 'queued' }),
      ]),
    );
    expect((await stage.api.call<{ items: Video[] }>('GET', '/api/videos')).body.items).toEqual([]);
  });

  it('are tried under the names of their events, and come however many uploads a day brought', async () => {
    const quota = (videosPerDay: number | null) =>
      stage.api.call('PATCH', '/api/quota', { body: { videosPerDay } });
    expect((await quota(0)).status).toBe(200);
    await event('tried');
    await put(await begin('tried'));
    expect((await complete('tried')).status).toBe(204);
    await quota(null);
    const date = new Date().toISOString().slice(0, 10);
    await asWorker('/api/vision/enqueue_test', { date, limit: 500, analysis_type: 'trial' });
    const { items } = (await stage.api.call<{ items: object[] }>('GET', '/api/jobs?type=trial&eventId=tried'))
      .body;
    expect(items).toHaveLength(1);
  });

  it('that were begun by a worker that was killed are begun anew', async () => {
    await event('e2');
    const first = await begin('e2', 3);
    const { items } = (await stage.api.call<{ items: EventView[] }>('GET', '/api/events')).body;
    expect(items.find(({ id }) => id === 'e2')?.clipVideoId).toBeUndefined();
    const second = await begin('e2');
    expect(second.body.uploadUrl).not.toBe(first.body.uploadUrl);
    await put(second);
    expect((await complete('e2')).status).toBe(204);
  });

  it('are wanted of no event that nobody knows, and of no camera without jobs', async () => {
    expect((await begin('nobody')).status).toBe(404);
    await event('e3');
    await stage.api.call('PATCH', `/api/cameras/${cameraId}`, { body: { analysis: { jobs: [] } } });
    expect((await begin('e3')).body).toEqual({ uploadUrl: null });
    expect((await begin('e3', 1e12)).status).toBe(400);
  });
});
