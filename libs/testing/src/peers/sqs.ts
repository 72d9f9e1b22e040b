import { join } from 'node:path';
import { startPeer } from './children';
import { freePort } from './redis';

export interface SqsPeer extends AsyncDisposable {
  readonly url: string;
}

/** fauxqs speaks SQS (and S3): a server of its own that keeps everything in memory. Any credentials will do. */
export async function startSqs(): Promise<SqsPeer> {
  const port = await freePort();
  const server = await startPeer({
    command: process.execPath,
    args: [join(__dirname, '../../../../node_modules/fauxqs/dist/server.js')],
    env: { FAUXQS_PORT: String(port), FAUXQS_HOST: '127.0.0.1' },
    readyWhen: /listening/i,
  });
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] };
}
