import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';

export interface HttpPeer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** A real HTTP server on a free port of loopback, for tests of what pulls from one. */
export async function startHttpPeer(handler: RequestListener): Promise<HttpPeer> {
  const server = createServer(handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
