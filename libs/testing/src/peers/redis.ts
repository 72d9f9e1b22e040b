import { createServer } from 'node:net';
import { type PeerProcess, startPeer } from './children';

export interface RedisPeer extends AsyncDisposable {
  readonly url: string;
  /** Redis goes away, with everything that it held. */
  stop(): Promise<void>;
  /** Back on the same port, empty. */
  comeBack(): Promise<void>;
  /** It takes connections and commands, and answers nothing until {@link thaw}. */
  freeze(): void;
  thaw(): void;
}

/** A real Redis (Debian's `redis-server`) on a free port of `host`, which keeps nothing on disk. */
export async function startRedis({ host = '127.0.0.1' } = {}): Promise<RedisPeer> {
  const port = await freePort(host);
  const start = () =>
    startPeer({
      command: 'redis-server',
      args: [
        ...['--port', String(port), '--bind', host, '--protected-mode', 'no'],
        ...['--save', '', '--appendonly', 'no'],
      ],
      readyWhen: /Ready to accept connections/,
    });
  let server: PeerProcess | undefined = await start();
  const stop = async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  return {
    url: `redis://${host}:${port}`,
    stop,
    comeBack: async () => {
      server ??= await start();
    },
    freeze: () => void server?.process.kill('SIGSTOP'),
    thaw: () => void server?.process.kill('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

/** A TCP port of `host` that nobody listens on now. */
export function freePort(host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, host, () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('No free port was found.'));
      });
    });
  });
}
