import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface DownloadOptions {
  /** The path to write to. */
  to: string;
  onBytes: (doneBytes: number, totalBytes: number | undefined) => void;
  signal?: AbortSignal;
}

/** @throws Error `HTTP <status>`, or that of `fetch` or of the file system */
export async function downloadFile(url: string, { to, onBytes, signal }: DownloadOptions): Promise<void> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
  const length = Number(response.headers.get('content-length'));
  const totalBytes = length > 0 ? length : undefined;
  let doneBytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      doneBytes += chunk.length;
      onBytes(doneBytes, totalBytes);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), counter, createWriteStream(to), { signal });
}
