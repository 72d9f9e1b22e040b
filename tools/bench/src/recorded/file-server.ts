import { createReadStream, statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FileServer extends AsyncDisposable {
  url: string;
  /** Bytes that were put. */
  putBytes: number;
}

/** Gives one file with ranges, and takes whatever is put. */
export async function startFileServer(path: string): Promise<FileServer> {
  const { size } = statSync(path);
  const server = createServer((request, response) => {
    if (request.method === 'PUT') return take(request, response);
    const start = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(206, {
      'accept-ranges': 'bytes',
      'content-length': size - start,
      'content-range': `bytes ${start}-${size - 1}/${size}`,
    });
    const stream = createReadStream(path, { start, highWaterMark: 1024 * 1024 });
    response.on('close', () => stream.destroy());
    stream.pipe(response);
  });
  const take = (request: IncomingMessage, response: ServerResponse) => {
    request.on('data', (chunk: Buffer) => (running.putBytes += chunk.length));
    request.on('end', () => response.end());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const running: FileServer = {
    url: `http://127.0.0.1:${port}`,
    putBytes: 0,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return running;
}
