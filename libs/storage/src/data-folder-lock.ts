import { createHash } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A start beside a running one is told where that one is. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';

  constructor(readonly url: string) {
    super(`Camfleet is running already on this data folder: ${url}`);
  }
}

export interface InstanceLock {
  /** What a second start is told. */
  tell(url: string): void;
  release(): void;
}

/**
 * Holds the data folder for this process. The lock is a listening socket: however a process dies the system
 * closes it, so there is no stale lock to judge. Throws {@link AlreadyRunningError}.
 */
export async function lockDataFolder(dataDirectory: string): Promise<InstanceLock> {
  const path = socketPath(dataDirectory);
  let url = 'it is starting';
  const server = createServer((socket) => socket.on('error', () => undefined).end(url));
  try {
    await listen(server, path);
  } catch {
    const answer = await ask(path);
    if (answer !== undefined) throw new AlreadyRunningError(answer);
    // Only a socket that is a file can outlive its process.
    rmSync(path, { force: true });
    await listen(server, path);
  }
  server.unref();
  return { tell: (address) => (url = address), release: () => void server.close() };
}

/** On Linux an abstract socket, which is no file and has no owner; elsewhere a file, or a pipe on Windows. */
function socketPath(dataDirectory: string): string {
  const name = `camfleet-${createHash('sha256').update(realpathSync(dataDirectory)).digest('hex').slice(0, 24)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What the holder says, or nothing when there is none. */
function ask(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket: Socket = connect(path);
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve(text));
    socket.on('error', () => resolve(undefined));
  });
}
