import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, PresignAnswer, Quota, Video, VideoJob } from '@camfleet/protocol';
import { WebSocket } from 'ws';
import { WORKER_KEY, eventually } from '../../testing/api-harness';
import { FILM, VideoStage, auth } from '../../testing/video-stage';

describe('recorded videos', () => {
  let stage: VideoStage;
  beforeAll(async () => {
    stage = await VideoStage.start();
  });
  afterAll(() => stage?.stop());

  const files = () => {
    const folder = join(stage.api.dataDirectory, 'assets');
    if (!existsSync(folder)) return [];
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  };
  const process = (id: string, body: object) =>
    stage.api.call<{ jobs: VideoJob[] }>('POST', `/api/videos/${id}/process`, { body });

  it('come in a form, are looked at by their content, and can be played in ranges', async () => {
    const { status, body } = await stage.post('0123456789', 'CCTV Test.mp4', {
      recordedAt: '2026-11-21T10:00:00.000Z',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ codec: 'h264', width: 640, height: 360, fps: 25, durationMs: 2_000 },
      fileName: 'CCTV Test.mp4',
      status: 'uploaded',
      progress: 0,
      sizeBytes: 10,
      recordedAt: '2026-11-21T10:00:00.000Z',
      jobs: [],
    });
    expect(stage.inspected.at(-1)).toBe('0123');
    const url = `${stage.api.url}/video/${body.id}`;
    const part = await fetch(url, { headers: { ...auth(WORKER_KEY), Range: 'bytes=2-4' } });
    expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ]);
    const head = await fetch(url, { method: 'HEAD', headers: auth() });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
    const beyond = await fetch(url, { headers: { ...auth(), Range: 'bytes=10-' } });
    expect([beyond.status, beyond.headers.get('content-range'), await beyond.json()]).toEqual([
      416,
      'bytes */10',
      { error: expect.objectContaining({ code: 'RANGE_NOT_SATISFIABLE' }) },
    ]);
    expect((await fetch(url)).status).toBe(401);
    expect(
      (await stage.api.call('GET', `/api/videos/${body.id}`, { headers: { 'X-Tenant-Id': 'other' } })).status,
    ).toBe(404);
  });

  it('that are none are refused with the reason, which stays to be read; their bytes do not', async () => {
    const before = files().length;
    const { status, body } = await stage.post('junk and more', 'holiday.mp4');
    expect([status, body.error?.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    const { items } = (await stage.api.call<{ items: Video[] }>('GET', '/api/videos?status=error')).body;
    expect(items[0]).toMatchObject({ fileName: 'holiday.mp4', error: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    await eventually('the file to go', () => files().length === before);
    expect((await process(items[0]?.id ?? '', { analyses: ['frames'] })).status).toBe(409);
    const event = await eventually('its event', async () => {
      const events = await stage.api.call<{ items: { videoId: string }[] }>(
        'GET',
        '/api/events?type=video.error',
      );
      return events.body.items.find(({ videoId }) => videoId === items[0]?.id);
    });
    expect(event).toMatchObject({ data: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  it.each([
    ['as wide as a street', { width: 100_000 }],
    ['of a million frames a second', { fps: 1_000_000 }],
    ['of more than half a day', { durationMs: 86_400_000 }],
  ])('%s are refused before anything is queued', async (_, bomb) => {
    stage.film = { ...FILM, ...bomb };
    const { status, body } = await stage.post('0123');
    stage.film = FILM;
    expect([status, body.error?.code]).toEqual([422, 'VIDEO_TOO_LARGE']);
  });

  it("go past the API to a signed URL, and are nobody's to see until that is said to be complete", async () => {
    const body = { fileName: 'a.mp4', sizeBytes: 4, contentType: 'video/mp4', analyses: ['objects'] };
    const presigned = await stage.api.call<PresignAnswer>('POST', '/api/videos/presign', { body });
    expect(presigned.status).toBe(201);
    const { videoId, uploadUrl, key } = presigned.body;
    expect(key).toMatch(/^demo_user\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/raw\/a\.mp4$/);
    const complete = () => stage.api.call('POST', `/api/videos/${videoId}/complete`);
    expect((await stage.api.call('GET', `/api/videos/${videoId}`)).status).toBe(404);
    expect((await complete()).status).toBe(409);
    const put = (content: string, url = uploadUrl) =>
      fetch(url, { method: 'PUT', body: content, headers: { 'Content-Type': 'application/json' } });
    expect((await put('12345')).status).toBe(400);
    expect((await put('1234', uploadUrl.replace('a.mp4', 'b.mp4'))).status).toBe(401);
    expect((await put('1234')).status).toBe(200);
    expect((await stage.api.call('GET', `/api/videos/${videoId}`)).status).toBe(404);
    expect(await complete()).toMatchObject({ status: 200, body: { status: 'queued', sizeBytes: 4 } });
    expect((await complete()).status).toBe(200);
    // What was looked at stays: the URL brings nothing else into its place, and nothing back once it is deleted.
    expect((await put('junk')).status).toBe(401);
    const playing = await fetch(`${stage.api.url}/video/${videoId}`, { headers: auth() });
    expect(await playing.text()).toBe('1234');
    const left = files().length;
    expect((await stage.api.call('DELETE', `/api/videos/${videoId}`)).status).toBe(204);
    expect((await put('1234')).status).toBe(401);
    await eventually('the file to go', () => files().length === left - 1);
  });

  it('are queued once, however often the same is asked, and again with other parameters', async () => {
    const { id } = (await stage.post('0123')).body;
    const request = { analyses: ['frames', 'objects'], frameStride: 3, cameraCode: 'CAM7' };
    const first = await process(id, request);
    expect(first).toMatchObject({ status: 202, body: { jobs: [{ analysisType: 'frames', state: 'queued' }, { analysisType: 'objects' }] } }); // prettier-ignore
    expect(await process(id, request)).toEqual(expect.objectContaining({ status: 202, body: first.body }));
    expect(await stage.video(id)).toMatchObject({ status: 'queued', jobs: first.body.jobs });
    const logged = async () => {
      const { items } = (
        await stage.api.call<{ items: { event: string }[] }>('GET', `/api/videos/${id}/logs`)
      ).body;
      return items.map(({ event }) => event);
    };
    expect(await logged()).toEqual(['video.uploaded', 'video.checked', 'video.queued']);
    await process(id, { ...request, frameStride: 4 });
    expect(await logged()).toHaveLength(4);
    for (const body of [
      {},
      { analyses: [] },
      { analyses: ['gold'] },
      { ...request, x: 1 },
      { ...request, cameraCode: 'x' },
    ])
      expect((await process(id, body)).status).toBe(400);
  });

  it('are done by a job that somebody tried them with before, and their status follows it then', async () => {
    const { id } = (await stage.post('0123')).body;
    const date = new Date().toISOString().slice(0, 10);
    const body = { date, limit: 500, analysis_type: 'objects' };
    await stage.api.call('POST', '/api/vision/enqueue_test', { key: WORKER_KEY, body });
    expect(await stage.video(id)).toMatchObject({ status: 'uploaded', jobs: [] });
    expect((await process(id, { analyses: ['objects'] })).body.jobs).toHaveLength(1);
    expect(await stage.video(id)).toMatchObject({ status: 'queued', jobs: [{ analysisType: 'objects' }] });
  });

  it('are told to whoever watches, and leave nothing when they are deleted', async () => {
    const messages: { type: string; videoId?: string; video?: Video | null }[] = [];
    const socket = new WebSocket(`${stage.api.webSocketUrl}/api/live`, { headers: auth() });
    socket.on('message', (text) => messages.push(JSON.parse(String(text))));
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(JSON.stringify({ type: 'subscribe' }));
    await eventually('the subscription', () => messages.some(({ type }) => type === 'subscribed'));
    const before = files().length;
    const { id } = (await stage.post('0123')).body;
    await eventually('the message', () =>
      messages.some(({ videoId, video }) => videoId === id && video?.codec),
    );
    await process(id, { analyses: ['frames'] });
    expect((await stage.api.call('DELETE', `/api/videos/${id}`)).status).toBe(204);
    await eventually('word of it', () =>
      messages.some(({ videoId, video }) => videoId === id && video === null),
    );
    socket.close();
    expect(files()).toHaveLength(before);
    expect((await stage.api.call('DELETE', `/api/videos/${id}`)).status).toBe(404);
    expect((await fetch(`${stage.api.url}/video/${id}`, { headers: auth() })).status).toBe(404);
  });

  it('wait, and are lost to nobody, while no worker is there; what was asked with them follows by itself', async () => {
    const onInspect = stage.worker.onInspect;
    stage.worker.onInspect = async () => ({
      status: 503,
      body: { error: { code: 'NO_WORKER_AVAILABLE', message: 'x' } },
    });
    const { status, body } = await stage.post('0123', 'later.mp4', { analyses: 'faces,frames' });
    expect([status, body.codec, body.jobs]).toEqual([201, null, []]);
    expect(body).toMatchObject({ status: 'uploaded', error: { code: 'NO_WORKER_AVAILABLE' } });
    expect((await process(body.id, { analyses: ['frames'] })).status).toBe(503);
    expect((await stage.post('0123', 'x.mp4', { analyses: 'gold' })).status).toBe(400);
    stage.worker.onInspect = onInspect;
    await eventually('its jobs', async () => (await stage.video(body.id)).jobs.length === 2, 15_000);
    const types = (await stage.video(body.id)).jobs.map(({ analysisType }) => analysisType);
    expect(types.sort()).toEqual(['faces', 'frames']);
    expect(await stage.video(body.id)).not.toHaveProperty('error');
  });

  it('of a tenant that has no worker say so, once in their logs, and hold up nobody else', async () => {
    const headers = { 'X-Tenant-Id': 'lonely' };
    const form = () => {
      const made = new FormData();
      made.set('file', new File(['0123'], 'a.mp4'));
      return { method: 'POST', body: made, headers: { ...auth(), ...headers } };
    };
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => fetch(`${stage.api.url}/api/videos`, form())),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    const onInspect = stage.worker.onInspect;
    stage.worker.onInspect = async () => ({
      status: 422,
      body: { error: { code: 'SOURCE_UNREACHABLE', message: 'Nothing answers.' } },
    });
    const { body } = await stage.post('0123', 'between.mp4');
    expect(body.error).toMatchObject({ code: 'NO_WORKER_AVAILABLE', message: expect.stringContaining('SOURCE_UNREACHABLE') }); // prettier-ignore
    stage.worker.onInspect = onInspect;
    await eventually('its turn', async () => (await stage.video(body.id)).codec, 15_000);
    const path = '/api/videos?limit=500';
    const { items } = (await stage.api.call<Page<Video>>('GET', path, { headers })).body;
    expect(items).toHaveLength(25);
    for (const { id, status, error } of items) {
      expect([status, error?.message]).toEqual([
        'uploaded',
        expect.stringContaining('No worker of this tenant'),
      ]);
      const logs = await stage.api.call<Page<{ event: string }>>('GET', `/api/videos/${id}/logs`, {
        headers,
      });
      expect(logs.body.items.map(({ event }) => event)).toEqual(['video.uploaded', 'video.waits']);
    }
  });

  it('are taken within a quota of bytes and of videos a day, of each tenant alone', async () => {
    const headers = { 'X-Tenant-Id': 'small' };
    const quota = (body: object) => stage.api.call<Quota>('PATCH', '/api/quota', { headers, body });
    expect((await quota({ bytes: 1_000, videosPerDay: 2 })).body).toMatchObject({
      bytes: { used: 0, limit: 1_000, room: 1_000 },
    });
    const presign = (sizeBytes: number) =>
      stage.api.call<{ error?: { code: string } }>('POST', '/api/videos/presign', {
        headers,
        body: { fileName: 'a', sizeBytes },
      });
    expect((await presign(1_001)).body.error?.code).toBe('QUOTA_EXCEEDED');
    const both = await Promise.all([presign(600), presign(600)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 413]);
    expect((await presign(400)).status).toBe(201);
    await quota({ bytes: null });
    const third = await presign(1);
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '3600']);
    const form = new FormData();
    form.set('file', new File(['x'.repeat(2_000)], 'a.mp4'));
    await quota({ bytes: 1_500, videosPerDay: null });
    const sent = await fetch(`${stage.api.url}/api/videos`, {
      method: 'POST',
      body: form,
      headers: { ...auth(), ...headers },
    });
    expect(sent.status).toBe(413);
    expect((await stage.api.call<Quota>('GET', '/api/quota', { headers })).body.bytes.used).toBe(1_000);
  });

  it('are taken within the quota also when several come at once and none says how large it is', async () => {
    const headers = { 'X-Tenant-Id': 'parallel' };
    await stage.api.call<Quota>('PATCH', '/api/quota', { headers, body: { bytes: 1_000 } });
    const begun: (() => void)[] = [];
    const head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n\r\n';
    const pieces = [`${head}${'0'.repeat(200)}`, '1'.repeat(200), '\r\n--x--\r\n'].map((text) =>
      Buffer.from(text),
    );
    const send = () => {
      const go = new Promise<void>((resolve) => begun.push(resolve));
      const body = async function* () {
        yield pieces[0] ?? Buffer.alloc(0);
        await go;
        yield* pieces.slice(1);
      };
      return fetch(`${stage.api.url}/api/videos`, {
        ...{ method: 'POST', body: ReadableStream.from(body()), duplex: 'half' },
        headers: { ...auth(), ...headers, 'Content-Type': 'multipart/form-data; boundary=x' },
      }).then(({ status }) => status, () => 413); // prettier-ignore
    };
    const sent = Array.from({ length: 5 }, send);
    const used = async () => (await stage.api.call<Quota>('GET', '/api/quota', { headers })).body.bytes.used;
    await eventually('some to be on their way', async () => (await used()) > 0);
    for (const go of begun) go();
    const statuses = await Promise.all(sent);
    expect(statuses).toContain(201);
    expect(new Set(statuses)).toEqual(new Set([201, 413]));
    expect(await used()).toBe(statuses.filter((status) => status === 201).length * 400);
    expect(await used()).toBeLessThanOrEqual(1_000);
  });

  it.each([
    '-i.mp4',
    'name with spaces & $(id) ;"quote.mp4',
    `${'n'.repeat(251)}.mp4`,
    '../../x.mp4',
    '视频😀.mp4',
  ])('keep the name %j, which harms nobody', async (name) => {
    const { status, body } = await stage.post('0123', name);
    expect(status).toBe(201);
    expect(body.fileName.endsWith('.mp4')).toBe(true);
  });
});
