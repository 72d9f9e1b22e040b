import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { Readable } from 'node:stream';
import { requireFolder, requireKey } from '../asset-key';
import type {
  AssetInfo,
  AssetStore,
  ByteRange,
  OpenAsset,
  PresignGetOptions,
  PresignPutOptions,
  PutOptions,
  PutStreamOptions,
} from '../asset-store';
import { type S3Options, s3ClientConfig } from './s3-client-config';

/** S3 takes 10,000 parts: 80 GiB. Two are under way, so that an upload holds 24 MiB. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;
const DEFAULT_TYPE = 'application/octet-stream';

/** Files by key in one bucket. */
export class S3AssetStore implements AssetStore {
  readonly uriPrefix: string;
  private readonly client: S3Client;
  private readonly bucket: string;

  constructor(options: S3Options) {
    this.client = new S3Client(s3ClientConfig(options));
    this.bucket = options.bucket;
    this.uriPrefix = `s3://${options.bucket}/`;
  }

  roomBytes(): Promise<null> {
    return Promise.resolve(null);
  }

  async put(key: string, content: Uint8Array, { contentType }: PutOptions = {}): Promise<void> {
    await this.client.send(
      new PutObjectCommand({ ...this.at(key), Body: content, ContentType: contentType ?? DEFAULT_TYPE }),
    );
  }

  async putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    { contentType, signal }: PutStreamOptions = {},
  ): Promise<{ sizeBytes: number }> {
    let sizeBytes = 0;
    const counted = async function* () {
      for await (const chunk of content) {
        signal?.throwIfAborted();
        sizeBytes += chunk.length;
        yield chunk;
      }
      signal?.throwIfAborted();
    };
    // A part that fails ends the upload, and takes the parts away that were there.
    const upload = new Upload({
      client: this.client,
      params: {
        ...this.at(key),
        Body: Readable.from(counted(), { objectMode: false }),
        ContentType: contentType ?? DEFAULT_TYPE,
      },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_ONCE,
      leavePartsOnError: false,
    });
    const abort = () => void upload.abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await upload.done();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
    return { sizeBytes };
  }

  async get(key: string): Promise<Buffer | null> {
    const opened = await this.open(key);
    return opened && Buffer.concat(await opened.body.toArray());
  }

  async open(key: string, range?: ByteRange): Promise<OpenAsset | null> {
    try {
      const Range = range && `bytes=${range.start}-${range.end ?? ''}`;
      const { Body, ContentLength, ContentRange } = await this.client.send(
        new GetObjectCommand({ ...this.at(key), Range }),
      );
      if (!(Body instanceof Readable)) throw new Error('S3 answered without a stream.');
      const total = /\/(\d+)$/.exec(ContentRange ?? '')?.[1];
      return { body: Body, sizeBytes: Number(total ?? ContentLength ?? 0) };
    } catch (error) {
      if (statusOf(error) === 416) throw new RangeError('The range begins behind the end.', { cause: error });
      return nullWhenMissing(error);
    }
  }

  async stat(key: string): Promise<AssetInfo | null> {
    try {
      const { ContentLength, LastModified } = await this.client.send(new HeadObjectCommand(this.at(key)));
      return { key, sizeBytes: ContentLength ?? 0, modifiedAt: LastModified ?? new Date(0) };
    } catch (error) {
      return nullWhenMissing(error);
    }
  }

  async *list(prefix: string): AsyncIterable<AssetInfo> {
    const pages = paginateListObjectsV2({ client: this.client }, { Bucket: this.bucket, Prefix: prefix });
    for await (const { Contents = [] } of pages)
      for (const { Key, Size, LastModified } of Contents)
        if (Key !== undefined)
          yield { key: Key, sizeBytes: Size ?? 0, modifiedAt: LastModified ?? new Date(0) };
  }

  async settle(from: string, to: string): Promise<boolean> {
    if (!(await this.stat(to)) && !(await this.copy(from, to))) return false;
    await this.delete(from);
    return true;
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.at(key)));
  }

  async deleteFolder(folder: string): Promise<void> {
    requireFolder(folder);
    const Bucket = this.bucket;
    // Parts of uploads that never ended are no objects, and are paid for all the same.
    const { Uploads = [] } = await this.client.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: folder }),
    );
    for (const { Key, UploadId } of Uploads)
      if (Key?.startsWith(folder))
        await this.client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    for await (const { key } of this.list(folder)) await this.delete(key);
  }

  presignGet(key: string, options: PresignGetOptions): Promise<string> {
    const { expiresInSeconds, contentType, fileName } = options;
    const command = new GetObjectCommand({
      ...this.at(key),
      ResponseContentType: contentType,
      ResponseContentDisposition: fileName && `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    });
    return getSignedUrl(this.client, command, { expiresIn: expiresInSeconds });
  }

  presignPut(key: string, options: PresignPutOptions): Promise<string> {
    const { expiresInSeconds, contentType, sizeBytes } = options;
    const command = new PutObjectCommand({
      ...this.at(key),
      ContentType: contentType,
      ContentLength: sizeBytes,
    });
    return getSignedUrl(this.client, command, {
      expiresIn: expiresInSeconds,
      signableHeaders: new Set(['host', 'content-type', 'content-length']),
    });
  }

  /** Up to 5 GiB, at once or not at all, and of the very content that is there now. */
  private async copy(from: string, to: string): Promise<boolean> {
    try {
      const { ETag } = await this.client.send(new HeadObjectCommand(this.at(from)));
      const CopySource = `${this.bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
      await this.client.send(new CopyObjectCommand({ ...this.at(to), CopySource, CopySourceIfMatch: ETag }));
      return true;
    } catch (error) {
      if (statusOf(error) === 404 || statusOf(error) === 412) return false;
      throw error;
    }
  }

  private at(key: string): { Bucket: string; Key: string } {
    requireKey(key);
    return { Bucket: this.bucket, Key: key };
  }
}

function nullWhenMissing(error: unknown): null {
  if (statusOf(error) === 404) return null;
  throw error;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}
