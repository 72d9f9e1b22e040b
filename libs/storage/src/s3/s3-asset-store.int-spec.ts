import { type S3Peer, startS3, until } from '@camfleet/testing';
import { assetStoreContract } from '../asset-store.contract';
import { S3AssetStore } from './s3-asset-store';

describe('files on S3', () => {
  let server: S3Peer;
  let store: S3AssetStore;
  beforeAll(async () => {
    server = await startS3();
    store = new S3AssetStore(server.options);
  });
  afterAll(() => server?.[Symbol.asyncDispose]());
  beforeEach(async () => {
    for await (const { key } of store.list('')) await store.delete(key);
  });

  assetStoreContract(() => store);

  it('signs a URL by which anybody puts this file, and only as it was announced', async () => {
    const contentType = 'video/mp4';
    const url = await store.presignPut('v/a b.mp4', { expiresInSeconds: 60, contentType, sizeBytes: 4 });
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('60');
    expect(url).not.toMatch(/checksum/i);
    const send = async (to: string, { method = 'PUT', type = contentType, body = 'film' } = {}) =>
      (await fetch(to, { method, headers: { 'Content-Type': type }, ...(method === 'PUT' && { body }) }))
        .status;
    expect(await send(url, { type: 'text/html' })).toBe(403);
    expect(await send(url, { body: 'longer' })).toBe(403);
    expect(await send(url, { method: 'GET' })).toBe(403);
    expect(await send(url, { method: 'DELETE' })).toBe(403);
    expect(await send(url.replace('a%20b.mp4', 'other.mp4'))).toBe(403);
    expect(await send(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=6000'))).toBe(403);
    const stranger = { accessKeyId: server.options.credentials.accessKeyId, secretAccessKey: 'guessed' };
    const forger = new S3AssetStore({ ...server.options, credentials: stranger });
    const forged = await forger.presignPut('v/a b.mp4', { expiresInSeconds: 60, contentType, sizeBytes: 4 });
    expect(await send(forged)).toBe(403);
    await expect(forger.put('v/a b.mp4', Buffer.from('film'))).rejects.toMatchObject({
      name: 'SignatureDoesNotMatch',
    });
    expect(await store.get('v/a b.mp4')).toBeNull();
    expect(await send(url)).toBe(200);
    expect(await store.get('v/a b.mp4')).toEqual(Buffer.from('film'));
  });

  it('signs URLs that end', async () => {
    await store.put('film', Buffer.from('film'));
    const url = await store.presignGet('film', { expiresInSeconds: 1, contentType: 'video/mp4' });
    await until('the URL is over', async () => (await fetch(url)).status === 403);
  });

  it('signs a URL by which anybody reads this file, in ranges too', async () => {
    await store.put('film', Buffer.from('0123456789'));
    const url = await store.presignGet('film', { expiresInSeconds: 60, contentType: 'video/mp4' });
    const answer = await fetch(url, { headers: { Range: 'bytes=2-4' } });
    expect([answer.status, await answer.text()]).toEqual([206, '234']);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
  });
});
