import { type S3Peer, startS3 } from '@camfleet/testing';
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

  // The server looks at no presigned signature: that it stands for these headers is seen in the URL. The SDK signs.
  it('signs a URL by which anybody puts this file, and only as it was announced', async () => {
    const contentType = 'video/mp4';
    const url = await store.presignPut('v/a b.mp4', { expiresInSeconds: 60, contentType, sizeBytes: 4 });
    const query = new URL(url).searchParams;
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host');
    expect(query.get('X-Amz-Expires')).toBe('60');
    expect(url).not.toMatch(/checksum/i);
    const headers = { 'Content-Type': contentType };
    expect((await fetch(url, { method: 'PUT', body: Buffer.from('film'), headers })).status).toBe(200);
    expect(await store.get('v/a b.mp4')).toEqual(Buffer.from('film'));
  });

  it('signs a URL by which anybody reads this file, in ranges too', async () => {
    await store.put('film', Buffer.from('0123456789'));
    const url = await store.presignGet('film', { expiresInSeconds: 60, contentType: 'video/mp4' });
    const answer = await fetch(url, { headers: { Range: 'bytes=2-4' } });
    expect([answer.status, await answer.text()]).toEqual([206, '234']);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
  });
});
