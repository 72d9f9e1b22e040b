import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assetStoreContract } from '../asset-store.contract';
import { AssetUrls } from './asset-urls';
import { DiskAssetStore } from './disk-asset-store';

describe('files in a folder', () => {
  const clock = { nowMs: 1_700_000_000_000 };
  const urls = new AssetUrls({
    sign: (text) => createHmac('sha256', 'key').update(text).digest('base64url'),
    nowMs: () => clock.nowMs,
  });
  let folder: string;
  let store: DiskAssetStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camfleet store '));
    store = new DiskAssetStore(folder, urls);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  assetStoreContract(() => store);

  it('says how much room the disk has', async () => {
    expect(await store.roomBytes()).toBeGreaterThan(0);
    expect(await new DiskAssetStore(join(folder, 'not yet'), urls).roomBytes()).toBeNull();
  });

  it('leaves no folders behind when the last file in them goes', async () => {
    await store.put('v/1/raw/a', Buffer.from('1'));
    await store.put('v/2/raw/a', Buffer.from('1'));
    await store.delete('v/1/raw/a');
    expect(await readdir(join(folder, 'v'))).toEqual(['2']);
  });

  it('signs URLs that let do one thing with one file for a while', async () => {
    const options = { expiresInSeconds: 60, contentType: 'video/mp4', sizeBytes: 10, origin: 'http://api' };
    const url = new URL(await store.presignPut('v/a b.mp4', options));
    expect(url.origin + url.pathname).toBe('http://api/api/assets/v/a%20b.mp4');
    const claims = urls.verify('PUT', 'v/a b.mp4', url.searchParams);
    expect(claims).toMatchObject({ method: 'PUT', contentType: 'video/mp4', sizeBytes: 10 });
    expect(urls.verify('GET', 'v/a b.mp4', url.searchParams)).toBeNull();
    expect(urls.verify('PUT', 'v/b.mp4', url.searchParams)).toBeNull();
    for (const [name, value] of [
      ['size', '11'],
      ['type', 'text/html'],
      ['method', 'GET'],
      ['expires', '9e15'],
      ['name', 'x'],
    ])
      // prettier-ignore
      expect(urls.verify('PUT', 'v/a b.mp4', changed(url.searchParams, name, value))).toBeNull();
    clock.nowMs += 61_000;
    expect(urls.verify('PUT', 'v/a b.mp4', url.searchParams)).toBeNull();
  });

  it('signs a GET that also answers HEAD', async () => {
    const url = new URL(await store.presignGet('a', { expiresInSeconds: 60 }), 'http://x');
    expect(urls.verify('GET', 'a', url.searchParams)).toMatchObject({ method: 'GET' });
    expect(urls.verify('HEAD', 'a', url.searchParams)).toMatchObject({ method: 'GET' });
    expect(urls.verify('PUT', 'a', url.searchParams)).toBeNull();
  });
});

function changed(query: URLSearchParams, name = '', value = ''): URLSearchParams {
  const copy = new URLSearchParams(query);
  copy.set(name, value);
  return copy;
}
