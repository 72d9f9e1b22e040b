import { randomUUID } from 'node:crypto';
import {
  type FileHandle,
  link,
  mkdir,
  open,
  opendir,
  readFile,
  rename,
  rm,
  rmdir,
  stat,
  statfs,
} from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { requireFolder, requireKey } from '../asset-key';
import type {
  AssetInfo,
  AssetStore,
  ByteRange,
  OpenAsset,
  PresignGetOptions,
  PresignPutOptions,
  PutStreamOptions,
} from '../asset-store';
import type { AssetUrls } from './asset-urls';

/** A file that is being written lies beside its place under such a name; `list` does not show it. */
const PART = /\.[0-9a-f-]{36}\.part$/;
const READ_BYTES = 256 * 1024;

/** Files by key in a folder, which several replicas may share. */
export class DiskAssetStore implements AssetStore {
  /** No bucket: messages name one all the same. */
  readonly uriPrefix = 's3://local/';

  constructor(
    private readonly directory: string,
    private readonly urls: AssetUrls,
  ) {}

  async roomBytes(): Promise<number | null> {
    // Before its first file the folder itself may not be there.
    const disk = await statfs(this.directory).catch(nullWhenMissing);
    return disk && disk.bavail * disk.bsize;
  }

  /** Writes, syncs to disk and puts in place. Rejects with the system's error (`ENOSPC`, `EACCES`). */
  async put(key: string, content: Uint8Array): Promise<void> {
    await this.write(key, (file) => file.writeFile(content));
  }

  async putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    { signal }: PutStreamOptions = {},
  ): Promise<{ sizeBytes: number }> {
    let sizeBytes = 0;
    await this.write(key, async (file) => {
      for await (const chunk of content) {
        signal?.throwIfAborted();
        await file.writeFile(chunk);
        sizeBytes += chunk.length;
      }
      signal?.throwIfAborted();
    });
    return { sizeBytes };
  }

  async get(key: string): Promise<Buffer | null> {
    return readFile(this.pathOf(key)).catch(nullWhenMissing);
  }

  async open(key: string, range?: ByteRange): Promise<OpenAsset | null> {
    const file = await open(this.pathOf(key), 'r').catch(nullWhenMissing);
    if (!file) return null;
    const { size } = await file.stat();
    if (range && range.start >= size) {
      await file.close();
      throw new RangeError(`The file has ${size} bytes.`);
    }
    return { body: file.createReadStream({ ...range, highWaterMark: READ_BYTES }), sizeBytes: size };
  }

  async stat(key: string): Promise<AssetInfo | null> {
    const found = await stat(this.pathOf(key)).catch(nullWhenMissing);
    return found?.isFile() ? { key, sizeBytes: found.size, modifiedAt: found.mtime } : null;
  }

  async *list(prefix: string): AsyncIterable<AssetInfo> {
    const folder = join(this.directory, prefix.slice(0, prefix.lastIndexOf('/') + 1));
    if (relative(this.directory, folder).startsWith('..')) return;
    const entries = await opendir(folder, { recursive: true }).catch(nullWhenMissing);
    if (!entries) return;
    for await (const entry of entries) {
      const path = join(entry.parentPath, entry.name);
      const key = relative(this.directory, path).split(sep).join('/');
      if (!entry.isFile() || PART.test(key) || !key.startsWith(prefix)) continue;
      const info = await this.stat(key);
      if (info) yield info;
    }
  }

  async settle(from: string, to: string): Promise<boolean> {
    if (!(await this.stat(from))) return (await this.stat(to)) !== null;
    const path = this.pathOf(to);
    await mkdir(dirname(path), { recursive: true });
    try {
      // Unlike a rename this replaces nothing; whatever is put at `from` is another file.
      await link(this.pathOf(from), path);
    } catch (error) {
      if (isMissing(error)) return false;
      if (hasNoLinks(error) && !(await this.stat(to))) await rename(this.pathOf(from), path);
      else if (!hasNoLinks(error) && !isThere(error)) throw error;
    }
    await this.delete(from);
    return true;
  }

  async delete(key: string): Promise<void> {
    const path = this.pathOf(key);
    await rm(path, { force: true });
    await this.removeEmptyFolders(dirname(path));
  }

  async deleteFolder(folder: string): Promise<void> {
    requireFolder(folder);
    const path = this.pathOf(folder.slice(0, -1));
    await rm(path, { recursive: true, force: true });
    await this.removeEmptyFolders(dirname(path));
  }

  async presignGet(key: string, options: PresignGetOptions): Promise<string> {
    const { origin, expiresInSeconds, contentType, fileName } = options;
    requireKey(key);
    const expiresAtMs = this.urls.nowMs() + expiresInSeconds * 1000;
    return this.urls.urlOf({ method: 'GET', key, expiresAtMs, contentType, fileName }, origin);
  }

  async presignPut(key: string, options: PresignPutOptions): Promise<string> {
    const { origin, expiresInSeconds, contentType, sizeBytes } = options;
    requireKey(key);
    const expiresAtMs = this.urls.nowMs() + expiresInSeconds * 1000;
    return this.urls.urlOf({ method: 'PUT', key, expiresAtMs, contentType, sizeBytes }, origin);
  }

  private async write(key: string, content: (file: FileHandle) => Promise<void>): Promise<void> {
    const path = this.pathOf(key);
    const part = `${path}.${randomUUID()}.part`;
    try {
      const file = await this.create(part);
      try {
        await content(file);
        await file.datasync();
      } finally {
        await file.close();
      }
      await rename(part, path);
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    }
  }

  /** A folder may go, empty, between its making and the file's: then once more. */
  private async create(path: string): Promise<FileHandle> {
    for (let attempt = 1; ; attempt += 1) {
      await mkdir(dirname(path), { recursive: true });
      try {
        return await open(path, 'wx');
      } catch (error) {
        if (attempt > 5 || !isMissing(error)) throw error;
      }
    }
  }

  /** A deleted video leaves no tree of empty folders. */
  private async removeEmptyFolders(folder: string): Promise<void> {
    if (relative(this.directory, folder) === '' || relative(this.directory, folder).startsWith('..')) return;
    const removed = await rmdir(folder).then(
      () => true,
      () => false,
    );
    if (removed) await this.removeEmptyFolders(dirname(folder));
  }

  private pathOf(key: string): string {
    requireKey(key);
    return join(this.directory, ...key.split('/'));
  }
}

function nullWhenMissing(error: unknown): null {
  if (isMissing(error)) return null;
  throw error;
}

function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error));
}

function isThere(error: unknown): boolean {
  return codeOf(error) === 'EEXIST';
}

/** FAT, and some shares. */
function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(codeOf(error));
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
