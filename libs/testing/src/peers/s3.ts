import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPeer } from './children';
import { freePort } from './redis';

export interface S3Peer extends AsyncDisposable {
  readonly options: {
    bucket: string;
    region: string;
    endpoint: string;
    credentials: { accessKeyId: string; secretAccessKey: string };
  };
  readonly pid: number;
}

/** The one account that the server knows. It does not look at the signatures of presigned URLs. */
const CREDENTIALS = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' };

/** A real S3 server (`s3rver`) in a process of its own, with one bucket, its files in a folder that goes with it. */
export async function startS3({ bucket = 'files' } = {}): Promise<S3Peer> {
  const directory = await mkdtemp(join(tmpdir(), 'camfleet-s3-'));
  const port = await freePort();
  const peer = await startPeer({
    command: process.execPath,
    args: [join(__dirname, '../../s3-server.cjs'), directory, String(port), bucket],
    readyWhen: /listening on/i,
  });
  return {
    options: {
      bucket,
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: CREDENTIALS,
    },
    pid: peer.process.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await peer[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
