import {
  AbortMultipartUploadCommand,
  HeadObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { ErrorBody } from '@camfleet/protocol';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Client } from 'pg';
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

function pieces(...texts: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(texts.map((text) => Buffer.from(text)));
}

/** Told as everywhere. */
async function refusal(answer: Response): Promise<[number, string]> {
  const { error } = ErrorBody.parse(await answer.json());
  return [answer.status, error.code];
}

describe.each(['disk', 's3'] as const)('resumable uploads to %s', (kind) => {
  let stage: VideoStage;
  let other: ApiHarness;
  let s3: S3Peer | undefined;
  let database: Client;
  beforeAll(async () => {
    s3 = kind === 's3' ? await startS3() : undefined;
    stage = await VideoStage.start(s3 && { s3: s3.options });
    other = await stage.api.startReplica({ port: 0 });
    database = new Client({ connectionString: stage.api.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
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

  /** All bytes, as they lie when the program is killed after the last one: parts on S3 are not put together. */
  const bringUnseen = async (id: string, bytes: Buffer, isLost = false) => {
    const { rows } = await database.query<{ key: string }>(
      'SELECT raw_key AS key FROM videos WHERE id = $1',
      [id],
    );
    const Key = rows[0]?.key ?? '';
    if (!s3) return isLost ? undefined : writeFileSync(join(stage.api.dataDirectory, 'assets', Key), bytes);
    const { bucket: Bucket } = s3.options;
    const client = new S3Client({
      ...s3.options,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    });
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket, Key: `${Key}.info` }));
    const UploadId = Metadata?.['upload-id'];
    if (isLost) return client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await client.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: bytes }));
    return undefined;
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
    expect(await refusal(await patch(stage.api, id, { offset: film.length, body: '1' }))).toEqual([
      413,
      'BODY_TOO_LARGE',
    ]);
    expect(await refusal(await patch(stage.api, id, { offset: 1, body: '' }))).toEqual([
      409,
      'UPLOAD_OFFSET_MISMATCH',
    ]);
    expect((await stored(id))?.equals(film)).toBe(true);
  });

  const leave = (id: string) =>
    database.query(
      `UPDATE videos SET writer = 'killed', writer_until = now() - interval '9 s' WHERE id = $1`,
      [id],
    );

  it('are received when the last byte came and the program was killed before it could say so', async () => {
    // A rule of the bucket ended this one: nobody can look at it, and the others do not wait for it.
    const lost = await create(stage.api, 4);
    await bringUnseen(lost.id, Buffer.from('film'), true);
    await leave(lost.id);
    for (const isClientBack of [false, true]) {
      const { id } = await create(stage.api, 4);
      await bringUnseen(id, Buffer.from('film'));
      if (isClientBack) expect(await offsetOf(other, id)).toBe(4);
      else await leave(id);
      const video = await eventually('the video', async () => {
        const found = await stage.video(id);
        return found.codec ? found : undefined;
      }, 15_000); // prettier-ignore
      expect(video).toMatchObject({ status: 'uploaded', sizeBytes: 4 });
      expect(await stored(id)).toEqual(Buffer.from('film'));
    }
    await eventually(
      'the lost one to be put off',
      async () => {
        const { rows } = await database.query<{ until: Date | null; writer: string | null; now: Date }>(
          'SELECT writer_until AS until, writer, now() FROM videos WHERE id = $1',
          [lost.id],
        );
        const [row] = rows;
        return row?.writer === null && (row.until === null || row.until > row.now);
      },
      15_000,
    );
  });

  it('may be given up by an operator, who may not delete what is all there', async () => {
    const body = { name: 'uploader', role: 'operator' };
    const { key } = (await stage.api.call<{ key: string }>('POST', '/api/keys', { body })).body;
    const giveUp = async (id: string) =>
      (await stage.api.call('DELETE', `/api/uploads/${id}`, { key, headers: TUS })).status;
    const [begun, whole] = [await create(stage.api, 4), await create(stage.api, 4)];
    await patch(stage.api, whole.id, { offset: 0, body: 'film' });
    expect([await giveUp(begun.id), await giveUp(whole.id)]).toEqual([204, 403]);
    expect(await stage.video(whole.id)).toMatchObject({ status: 'uploaded' });
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
    const mismatch = await patch(stage.api, id, { offset: 4, body: '1234' });
    expect(await refusal(mismatch)).toEqual([409, 'UPLOAD_OFFSET_MISMATCH']);
    const tooMuch = await patch(stage.api, id, { offset: 0, body: '123456789' });
    expect(await refusal(tooMuch)).toEqual([413, 'BODY_TOO_LARGE']);
    const endless = await patch(stage.api, id, { offset: 0, body: pieces('12345', '6789') });
    expect(await refusal(endless)).toEqual([413, 'BODY_TOO_LARGE']);
    const sent = (method: string, headers: Record<string, string>) =>
      fetch(`${stage.api.url}/api/uploads/${id}`, { method, headers: { ...auth(), ...headers } });
    const type = { 'Content-Type': 'application/offset+octet-stream' };
    expect(await refusal(await sent('PATCH', { ...TUS, ...type }))).toEqual([400, 'VALIDATION_FAILED']);
    expect(await refusal(await sent('PATCH', type))).toEqual([412, 'TUS_VERSION_UNSUPPORTED']);
    expect(await refusal(await sent('PATCH', { ...TUS, ...type, 'Upload-Offset': '-1' }))).toEqual([400, 'VALIDATION_FAILED']); // prettier-ignore
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
