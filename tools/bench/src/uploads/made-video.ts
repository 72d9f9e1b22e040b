import { makeClip } from '@camfleet/testing';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { randomFillSync } from 'node:crypto';

const CHUNK_BYTES = 4 * 1024 * 1024;
/** Of a box whose size takes eight bytes. */
const BOX_HEADER_BYTES = 16;

/** A video of two seconds that is `sizeBytes` long: what follows its pictures is one box that players pass over. */
export async function makeLargeVideo(path: string, sizeBytes: number): Promise<void> {
  await makeClip({ path, seconds: 2, output: ['-movflags', '+faststart'] });
  const { size } = await stat(path);
  const header = Buffer.alloc(BOX_HEADER_BYTES);
  header.writeUInt32BE(1, 0);
  header.write('free', 4, 'latin1');
  header.writeBigUInt64BE(BigInt(sizeBytes - size), 8);
  const noise = randomFillSync(Buffer.allocUnsafe(CHUNK_BYTES));
  const file = await open(path, 'a');
  try {
    await file.write(header);
    for (let left = sizeBytes - size - BOX_HEADER_BYTES; left > 0; left -= CHUNK_BYTES)
      await file.write(noise, 0, Math.min(CHUNK_BYTES, left));
  } finally {
    await file.close();
  }
}

export async function sha256Of(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of content) hash.update(chunk);
  return hash.digest('hex');
}

export function sha256OfFile(path: string): Promise<string> {
  return sha256Of(createReadStream(path));
}
