import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
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

/** The one account that the server knows. */
const CREDENTIALS = { accessKeyId: 'test:tester', secretAccessKey: 'testing' };
const START_TIMEOUT_MS = 60_000;

/**
 * A real S3 server (OpenStack Swift, from Debian) in a process of its own, with one bucket; its files go with it. It
 * looks at every signature, and at what was signed: method, headers, time, region.
 */
export async function startS3({ bucket = 'files' } = {}): Promise<S3Peer> {
  const directory = await mkdtemp(join(tmpdir(), 'camfleet-s3-'));
  await mkdir(join(directory, 'disk'));
  const port = await freePort();
  const { accessKeyId, secretAccessKey } = CREDENTIALS;
  const script = join(__dirname, '../../swift-server.py');
  const peer = await startPeer({
    // Debian's own Python: its packages are there alone.
    command: '/usr/bin/python3',
    args: [script, directory, String(port), accessKeyId, secretAccessKey],
    readyWhen: /listening on/i,
    timeoutMs: START_TIMEOUT_MS,
  });
  const options = {
    bucket,
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: CREDENTIALS,
  };
  const client = new S3Client({ ...options, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
  return {
    options,
    pid: peer.process.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      await peer[Symbol.asyncDispose]();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
