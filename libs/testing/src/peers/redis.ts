import { createServer } from 'node:net';
import { type PeerProcess, startPeer } from './children';

export interface RedisPeer extends AsyncDisposable {
  readonly url: string;
  /** Redis goes away, with everything that it held. */
  stop(): Promise<void>;
  /** Back on the same port, empty. */
  comeBack(): Promise<void>;
}

/** A real Redis (Debian's `redis-server`) on a free port of loopback, which keeps nothing on disk. */
export async function startRedis(): Promise<RedisPeer> {
  const port = await freePort();
  const start = () =>
    startPeer({
      command: 'redis-server',
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      readyWhen: /Ready to accept connections/,
    });
  let server: PeerProcess | undefined = await start();
  const stop = async () => {
    await server?.[Symbol.asyncDispose]();
    server = undefined;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    stop,
    comeBack: async () => {
      server ??= await start();
    },
    [Symbol.asyncDispose]: stop,
  };
}

/** A TCP port of loopback that nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address) resolve(address.port);
        else reject(new Error('No free port was found.'));
      });
    });
  });
}
