import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskAssetStore } from './disk-asset-store';

describe('files in a folder', () => {
  let folder: string;
  let store: DiskAssetStore;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'camfleet store '));
    store = new DiskAssetStore(folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('gives back what was put, and null for what never was', async () => {
    await store.put('events/2026/a.jpg', Buffer.from('picture'));
    expect(await store.get('events/2026/a.jpg')).toEqual(Buffer.from('picture'));
    expect(await store.get('events/2026/b.jpg')).toBeNull();
  });

  it('replaces a file and leaves no half-written ones beside it', async () => {
    await store.put('a.jpg', Buffer.from('1'));
    await store.put('a.jpg', Buffer.from('2'));
    expect(await store.get('a.jpg')).toEqual(Buffer.from('2'));
    expect(await readdir(folder)).toEqual(['a.jpg']);
  });

  it('deletes, and again without an error', async () => {
    await store.put('a.jpg', Buffer.from('1'));
    await store.delete('a.jpg');
    await store.delete('a.jpg');
    expect(await store.get('a.jpg')).toBeNull();
  });

  it.each(['../outside.jpg', 'a/../../outside.jpg'])(
    'refuses the key %s, which leaves the folder',
    async (key) => {
      await expect(store.put(key, Buffer.from('x'))).rejects.toThrow('leaves the store');
    },
  );
});
