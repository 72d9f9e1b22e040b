import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const PARENT = 'uploading';
/** Of another host nobody knows here which processes live: what nothing was written to for so long is left over. */
const LEFT_MS = 24 * 3_600_000;

/** Where this process gathers parts before they go to S3. */
export async function openChunkFolder(dataDirectory: string): Promise<string> {
  const folder = join(dataDirectory, PARENT, ownName());
  await mkdir(folder, { recursive: true });
  return folder;
}

/** At the start: what processes that were killed gathered goes; of one with this one's number too. */
export async function removeLeftChunks(dataDirectory: string): Promise<void> {
  const parent = join(dataDirectory, PARENT);
  for (const name of await readdir(parent).catch(() => []))
    if (name === ownName() || (await isLeft(parent, name)))
      await rm(join(parent, name), { recursive: true, force: true });
}

function ownName(): string {
  return `${hostname()}.${process.pid}`;
}

async function isLeft(parent: string, name: string): Promise<boolean> {
  const dot = name.lastIndexOf('.');
  if (name.slice(0, dot) === hostname()) return !isAlive(Number(name.slice(dot + 1)));
  const found = await stat(join(parent, name)).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > LEFT_MS;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPERM';
  }
}
