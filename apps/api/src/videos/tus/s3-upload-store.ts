import type { S3Config } from '@camfleet/config';
import { s3ClientConfig } from '@camfleet/storage';
import type { DataStore } from '@tus/server';
import type { Readable } from 'node:stream';

/** 10,000 of them are 80 GiB. An upload holds two: one is gathered while the one before it is sent. */
const PART_BYTES = 8 * 1024 * 1024;
/** S3 takes a smaller part only as the last one. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/**
 * tus on S3, by parts. The library gathers each part in a file of the system's, which a process that is killed leaves
 * behind; here nothing lies anywhere but in memory and on S3.
 */
export async function openS3UploadStore(s3: S3Config): Promise<DataStore> {
  const { S3Store } = await import('@tus/s3-store');
  class S3UploadStore extends S3Store {
    /** Answers how far the upload is. What is too little for a part waits beside the upload, for the next write. */
    override async write(content: Readable, id: string, offset: number): Promise<number> {
      const about = await this.getMetadata(id);
      const size = about.file.size ?? 0;
      let partNumber = ((await this.retrieveParts(id)).at(-1)?.PartNumber ?? 0) + 1;
      const begun = await this.takeIncompletePart(id);
      let stored = offset - begun.length;
      let sending: Promise<unknown> = Promise.resolve();
      try {
        for await (const part of partsOf(begun, content, size - stored)) {
          await sending;
          stored += part.length;
          const isPart = part.length >= MIN_PART_BYTES || stored === size;
          sending = isPart
            ? this.uploadPart(about, part, partNumber++)
            : this.client.putObject({ Bucket: this.bucket, Key: this.partKey(id, true), Body: part });
          // It is waited for before the next one, and at the end.
          sending.catch(() => undefined);
        }
      } finally {
        await sending;
      }
      if (stored !== size) return stored;
      await this.finishMultipartUpload(about, await this.retrieveParts(id));
      await this.clearCache(id);
      return size;
    }

    /** It goes before it is sent again, so that no byte is counted twice: a crash then costs its bytes, not the upload. */
    private async takeIncompletePart(id: string): Promise<Buffer> {
      const found = await this.getIncompletePart(id);
      if (!found) return Buffer.alloc(0);
      const bytes = Buffer.concat(await found.toArray());
      await this.deleteIncompletePart(id);
      return bytes;
    }
  }
  return new S3UploadStore({
    partSize: PART_BYTES,
    minPartSize: MIN_PART_BYTES,
    useTags: false,
    s3ClientConfig: { ...s3ClientConfig(s3), bucket: s3.bucket },
  });
}

/** `begun` and then `content`, `leftBytes` at most, in parts of `PART_BYTES`; the last one is what is there. */
async function* partsOf(begun: Buffer, content: Readable, leftBytes: number): AsyncGenerator<Buffer> {
  let left = leftBytes;
  let part = Buffer.allocUnsafe(Math.min(PART_BYTES, left));
  let filled = 0;
  for await (const chunk of chain(begun, content))
    for (let from = 0; from < chunk.length;) {
      if (part.length === 0) throw new Error('More bytes come than were announced.');
      const copied = chunk.copy(part, filled, from);
      from += copied;
      filled += copied;
      if (filled < part.length) continue;
      yield part;
      left -= filled;
      part = Buffer.allocUnsafe(Math.min(PART_BYTES, left));
      filled = 0;
    }
  if (filled > 0) yield part.subarray(0, filled);
}

async function* chain(begun: Buffer, content: Readable): AsyncGenerator<Buffer> {
  yield begun;
  for await (const chunk of content) yield chunk;
}
