import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type S3Peer, startS3 } from '@camfleet/testing';
import { openS3AssetStore } from '@camfleet/storage';
import { VideoStage, auth } from '../../../testing/video-stage';
import type { ApiHarness } from '../../../testing/api-harness';
import { eventually } from '../../../testing/api-harness';

const MIB = 1024 * 1024;
const TUS = { 'Tus-Resumable': '1.0.0' };

async function create(api: ApiHarness, sizeBytes: number, metadata: Record<string, string> = {}) {
  const pairs = Object.entries({ filename: 'Ünüsual film.mp4', filetype: 'video/mp4', ...metadata });
  const encoded = pairs.map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`).join(',');
  const headers = { ...auth(), ...TUS, 'Upload-Length': String(sizeBytes), 'Upload-Metadata': encoded };
  const answer = await fetch(`${api.url}/api/uploads`, { method: 'POST', headers });
  const id = answer.headers.get('location')?.split('/').at(-1) ?? '';
  return { status: answer.status, id, text: await answer.text() };
}

function patch(
  api: ApiHarness,
  id: string,
  {
    offset,
    body,
    signal,
  }: { offset: number; body: string | Buffer | ReadableStream<Uint8Array>; signal?: AbortSignal },
) {
  return fetch(`${api.url}/api/uploads/${id}`, {
    method: 'PATCH',
    headers: {
      ...auth(),
      ...TUS,
      'Upload-Offset': String(offset),
      'Content-Type': 'application/offset+octet-stream',
    },
    body,
    duplex: 'half',
    ...(signal && { signal }),
  });
}

async function offsetOf(api: ApiHarness, id: string): Promise<number> {
  const answer = await fetch(`${api.url}/api/uploads/${id}`, {
    method: 'HEAD',
    headers: { ...auth(), ...TUS },
  });
  if (answer.status !== 200) throw new Error(`HEAD: ${answer.status}`);
  return Number(answer.headers.get('upload-offset'));
}

/** The first part, and then nothing for as long as anybody waits. */
function stalling(part: Buffer): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(part) });
}

describe.each(['disk', 's3'] as const)('resumable uploads to %s', (kind) => {
  let stage: VideoStage;
  let other: ApiHarness;
  let s3: S3Peer | undefined;
  beforeAll(async () => {
    s3 = kind === 's3' ? await startS3() : undefined;
    stage = await VideoStage.start(s3 && { s3: s3.options });
    other = await stage.api.startReplica({ port: 0 });
  });
  afterAll(async () => {
    await other?.stop();
    await stage?.stop();
    await s3?.[Symbol.asyncDispose]();
  });

  const stored = async (id: string) => {
    const { workspaceId } = await stage.video(id);
    const key = `demo_user/${workspaceId}/${id}/raw/U_nu_sual_film.mp4`;
    if (s3) return (await openS3AssetStore(s3.options)).get(key);
    return readFileSync(join(stage.api.dataDirectory, 'assets', key));
  };

  it('go on at another replica where a connection broke, and are the same bytes', async () => {
    const film = randomBytes(12 * MIB);
    const recordedAt = '2026-02-03T04:05:06.789Z';
    const { status, id } = await create(stage.api, film.length, { recordedAt, analyses: 'objects' });
    expect(status).toBe(201);
    expect((await stage.api.call('GET', `/api/videos/${id}`)).status).toBe(404);
    const broken = new AbortController();
    const first = patch(stage.api, id, {
      offset: 0,
      body: stalling(film.subarray(0, 9 * MIB)),
      signal: broken.signal,
    });
    first.catch(() => undefined);
    // The first request still holds the upload, and sends nothing: the next one takes its place.
    const offset = await eventually(
      'some bytes',
      async () => (await offsetOf(other, id)) || undefined,
      30_000,
    );
    broken.abort();
    const rest = await patch(other, id, { offset, body: film.subarray(offset) });
    expect([rest.status, rest.headers.get('upload-offset')]).toEqual([204, String(film.length)]);
    expect(await stage.video(id)).toMatchObject({
      ...{ status: 'queued', jobs: [{ analysisType: 'objects' }], recordedAt },
      codec: 'h264',
      sizeBytes: film.length,
      fileName: 'Ünüsual film.mp4',
    });
    expect((await stored(id))?.equals(film)).toBe(true);
    // The answer to the last part may be lost as well.
    expect(await offsetOf(stage.api, id)).toBe(film.length);
    expect((await patch(stage.api, id, { offset: film.length, body: '' })).status).toBe(204);
  });

  it('that are no videos are refused with the last part, and say so later too', async () => {
    const { id } = await create(stage.api, 8);
    const answer = await patch(stage.api, id, { offset: 0, body: 'junkjunk' });
    expect([answer.status, await answer.json()]).toMatchObject([
      415,
      { error: { code: 'UNSUPPORTED_MEDIA_TYPE' } },
    ]);
    expect(await stage.video(id)).toMatchObject({
      status: 'error',
      error: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
  });

  it('take no part at a wrong place, of a stranger, or beyond the end', async () => {
    const { id } = await create(stage.api, 8);
    expect((await patch(stage.api, id, { offset: 4, body: '1234' })).status).toBe(409);
    expect((await patch(stage.api, id, { offset: 0, body: '123456789' })).status).toBe(413);
    const headers = { ...auth(), ...TUS, 'X-Tenant-Id': 'other' };
    expect((await fetch(`${stage.api.url}/api/uploads/${id}`, { method: 'HEAD', headers })).status).toBe(404);
    expect((await fetch(`${stage.api.url}/api/uploads`, { method: 'POST', headers: TUS })).status).toBe(401);
    expect(
      (
        await fetch(`${stage.api.url}/api/uploads/${id}`, {
          method: 'DELETE',
          headers: { ...auth(), ...TUS },
        })
      ).status,
    ).toBe(204);
    await expect(offsetOf(stage.api, id)).rejects.toThrow('404');
    expect((await create(stage.api, 0)).status).toBe(400);
    expect(await create(stage.api, 65 * 1024 ** 3)).toMatchObject({
      status: 413,
      text: expect.stringContaining('BODY_TOO_LARGE'),
    });
    expect((await create(stage.api, 8, { recordedAt: 'yesterday' })).status).toBe(400);
  });
});
