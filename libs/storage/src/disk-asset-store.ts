import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, normalize, sep } from 'node:path';

/**
 * Files by key in a folder. A key is a relative path with `/`; one that leaves the folder is refused.
 * A file appears whole or not at all.
 */
export class DiskAssetStore {
  constructor(private readonly directory: string) {}

  /** Writes, syncs to disk and puts in place. Rejects with the system's error (`ENOSPC`, `EACCES`). */
  async put(key: string, content: Uint8Array): Promise<void> {
    const path = this.pathOf(key);
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.${randomUUID()}.part`;
    try {
      const file = await open(part, 'w');
      try {
        await file.writeFile(content);
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

  /** The content, or `null` when there is no such file. */
  async get(key: string): Promise<Buffer | null> {
    try {
      return await readFile(this.pathOf(key));
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  }

  /** Deletes; a missing file is no error. */
  async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private pathOf(key: string): string {
    const path = normalize(join(this.directory, key));
    if (!path.startsWith(normalize(this.directory + sep)))
      throw new Error(`The key ${key} leaves the store.`);
    return path;
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
