import type { PresignAnswer } from '@camfleet/protocol';
import { type S3Peer, startS3 } from '@camfleet/testing';
import { Client } from 'pg';
import { eventually } from '../../testing/api-harness';
import { VideoStage, auth } from '../../testing/video-stage';

describe.each(['disk', 's3'] as const)('videos put to a signed URL on %s', (kind) => {
  let stage: VideoStage;
  let s3: S3Peer | undefined;
  let database: Client;
  beforeAll(async () => {
    s3 = kind === 's3' ? await startS3() : undefined;
    stage = await VideoStage.start(s3 && { s3: s3.options });
    database = new Client({ connectionString: stage.api.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await stage?.stop();
    await s3?.[Symbol.asyncDispose]();
  });

  const presign = async (sizeBytes = 4) => {
    const body = { fileName: 'a b.mp4', sizeBytes, contentType: 'video/mp4' };
    return (await stage.api.call<PresignAnswer>('POST', '/api/videos/presign', { body })).body;
  };
  const put = (url: string, body: string | ReadableStream<Uint8Array>, headers = {}) =>
    fetch(url, {
      ...{ method: 'PUT', body, duplex: 'half' },
      headers: { 'Content-Type': 'video/mp4', ...headers },
    });
  const complete = (videoId: string) => stage.api.call('POST', `/api/videos/${videoId}/complete`);
  const played = async (videoId: string) => {
    const answer = await fetch(`${stage.api.url}/video/${videoId}`, { headers: auth() });
    return answer.text();
  };

  it('are served as they were looked at, whatever the URL brings afterwards', async () => {
    const { videoId, uploadUrl, key } = await presign();
    expect((await put(uploadUrl, 'wrong size')).status).toBeGreaterThanOrEqual(400);
    expect((await complete(videoId)).status).toBe(409);
    expect((await put(uploadUrl, 'junk')).status).toBe(200);
    expect((await put(uploadUrl, 'film')).status).toBe(200);
    const both = await Promise.all([complete(videoId), complete(videoId)]);
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    // S3 knows nothing of videos, and takes it until the URL ends.
    expect((await put(uploadUrl, 'evil')).status).toBe(s3 ? 200 : 401);
    expect((await complete(videoId)).status).toBe(200);
    expect(await played(videoId)).toBe('film');
    const { rows } = await database.query<{ isLater: boolean }>(
      `SELECT due_at > now() + interval '6 hours' AS "isLater" FROM doomed_files WHERE key = $1`,
      [key.replace('a_b.mp4', 'incoming/*')],
    );
    expect(rows).toEqual([{ isLater: true }]);
  });

  it('are what was there when somebody said so, and not what was still on its way', async () => {
    const { videoId, uploadUrl } = await presign();
    expect((await put(uploadUrl, 'film')).status).toBe(200);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const late = put(
      uploadUrl,
      new ReadableStream({
        start: (controller) => controller.enqueue(Buffer.from('evi')),
        pull: async (controller) => {
          await held;
          controller.enqueue(Buffer.from('l'));
          controller.close();
        },
      }),
      { 'Content-Length': '4' },
    );
    late.catch(() => undefined);
    expect((await complete(videoId)).status).toBe(200);
    release();
    await late.then((answer) => answer.text());
    expect(await played(videoId)).toBe('film');
    expect(await eventually('the check', async () => (await stage.video(videoId)).codec)).toBe('h264');
  });
});
