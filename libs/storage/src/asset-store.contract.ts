import { randomBytes } from 'node:crypto';
import type { AssetInfo, AssetStore } from './asset-store';

const bytes = (text: string) => Buffer.from(text);

async function all(store: AssetStore, prefix: string): Promise<AssetInfo[]> {
  const found: AssetInfo[] = [];
  for await (const info of store.list(prefix)) found.push(info);
  return found.sort((a, b) => a.key.localeCompare(b.key));
}

async function read(store: AssetStore, key: string, range?: { start: number; end?: number }) {
  const opened = await store.open(key, range);
  return opened && { sizeBytes: opened.sizeBytes, content: Buffer.concat(await opened.body.toArray()) };
}

/** What every adapter of {@link AssetStore} must do; `store` gives one that is empty. */
export function assetStoreContract(open: () => AssetStore): void {
  let store: AssetStore;
  beforeEach(() => (store = open()));

  it('gives back what was put, and null for what never was', async () => {
    await store.put('a/b.jpg', bytes('picture'), { contentType: 'image/jpeg' });
    expect(await store.get('a/b.jpg')).toEqual(bytes('picture'));
    expect(await store.get('a/c.jpg')).toBeNull();
    expect(await store.open('a/c.jpg')).toBeNull();
    expect(await store.stat('a/c.jpg')).toBeNull();
    expect(await store.stat('a/b.jpg')).toMatchObject({ key: 'a/b.jpg', sizeBytes: 7 });
  });

  it('replaces a file, and deletes it, and again without an error', async () => {
    await store.put('one', bytes('1'));
    await store.put('one', bytes('2'));
    expect(await store.get('one')).toEqual(bytes('2'));
    await store.delete('one');
    await store.delete('one');
    expect(await store.get('one')).toBeNull();
  });

  it('takes a stream that is larger than any buffer of its own, byte for byte', async () => {
    const chunk = randomBytes(1024 * 1024);
    const chunks = 20;
    const stream = async function* () {
      for (let index = 0; index < chunks; index += 1) yield chunk;
    };
    expect(await store.putStream('big', stream())).toEqual({ sizeBytes: chunks * chunk.length });
    const back = await read(store, 'big');
    expect(back?.content.equals(Buffer.concat(Array.from({ length: chunks }, () => chunk)))).toBe(true);
  });

  it('keeps nothing of a stream that breaks or is aborted, and the file that was there', async () => {
    await store.put('kept', bytes('old'));
    const breaking = async function* () {
      yield bytes('new');
      throw new Error('The client left.');
    };
    await expect(store.putStream('kept', breaking())).rejects.toThrow('The client left.');
    await expect(store.putStream('fresh', breaking())).rejects.toThrow('The client left.');
    const aborted = AbortSignal.abort(new Error('Enough.'));
    const whole = async function* () {
      yield bytes('new');
    };
    await expect(store.putStream('fresh', whole(), { signal: aborted })).rejects.toThrow();
    expect(await store.get('kept')).toEqual(bytes('old'));
    expect(await all(store, '')).toMatchObject([{ key: 'kept' }]);
  });

  it('takes a file to its place for good: what comes to where it was changes nothing there', async () => {
    expect(await store.settle('v/in/a b', 'v/a b')).toBe(false);
    await store.put('v/in/a b', bytes('film'), { contentType: 'video/mp4' });
    expect(await store.settle('v/in/a b', 'v/a b')).toBe(true);
    expect(await store.get('v/in/a b')).toBeNull();
    await store.put('v/in/a b', bytes('junk'));
    expect(await store.get('v/a b')).toEqual(bytes('film'));
    for (const again of [1, 2])
      expect([again, await store.settle('v/in/a b', 'v/a b')]).toEqual([again, true]);
    expect(await store.get('v/a b')).toEqual(bytes('film'));
    expect(await all(store, 'v/')).toMatchObject([{ key: 'v/a b' }]);
  });

  it('opens ranges, as a player asks for them', async () => {
    await store.put('film', bytes('0123456789'));
    expect(await read(store, 'film')).toEqual({ sizeBytes: 10, content: bytes('0123456789') });
    expect(await read(store, 'film', { start: 2, end: 4 })).toEqual({ sizeBytes: 10, content: bytes('234') });
    expect(await read(store, 'film', { start: 7 })).toEqual({ sizeBytes: 10, content: bytes('789') });
    await expect(store.open('film', { start: 10 })).rejects.toThrow(RangeError);
  });

  it('lists by prefix, whole keys and beginnings of names alike', async () => {
    for (const key of ['v/1/raw/a', 'v/1/frames/1', 'v/10/raw/a', 'w/1']) await store.put(key, bytes('x'));
    expect((await all(store, 'v/1/')).map(({ key }) => key)).toEqual(['v/1/frames/1', 'v/1/raw/a']);
    expect((await all(store, 'v/1')).map(({ key }) => key)).toHaveLength(3);
    expect(await all(store, 'nothing/')).toEqual([]);
  });

  it('deletes a folder with all that is in it, and nothing beside it', async () => {
    for (const key of ['v/1/raw/a', 'v/1/frames/1', 'v/10/raw/a']) await store.put(key, bytes('x'));
    await store.deleteFolder('v/1/');
    await store.deleteFolder('v/1/');
    expect(await all(store, '')).toMatchObject([{ key: 'v/10/raw/a' }]);
    for (const folder of ['', '/', 'v/', 'v/10', '../x/', 'v//'])
      await expect(store.deleteFolder(folder)).rejects.toThrow();
  });

  it.each(['../outside', 'a/../../outside', '/a', 'a//b', 'a/', '', '.', 'a\\b', 'a\0b', 'a\nb'])(
    'refuses the key %j',
    async (key) => {
      await expect(store.put(key, bytes('x'))).rejects.toThrow('leaves the store');
    },
  );

  it('keeps files under names in any script', async () => {
    const key = 'v/视频 😀 & "$(id)";\'.mp4';
    await store.put(key, bytes('x'));
    expect(await store.get(key)).toEqual(bytes('x'));
    expect(await all(store, 'v/')).toMatchObject([{ key }]);
  });
}
