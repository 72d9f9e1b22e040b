import type { Readable } from 'node:stream';

export interface AssetInfo {
  key: string;
  sizeBytes: number;
  modifiedAt: Date;
}

/** Both ends included, as in HTTP. `end` left out: to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface OpenAsset {
  /** The bytes of the range; whoever opened it reads it to its end or destroys it. */
  body: Readable;
  /** Of the whole file. */
  sizeBytes: number;
}

export interface PutOptions {
  /** Default `application/octet-stream`. */
  contentType?: string;
}

export interface PutStreamOptions extends PutOptions {
  signal?: AbortSignal;
}

export interface PresignGetOptions {
  expiresInSeconds: number;
  contentType?: string;
  /** The name under which a browser saves it. */
  fileName?: string;
  /** `https://host` in front of signed URLs of our own, where they must be whole. Without it they begin with `/api`. */
  origin?: string;
}

export interface PresignPutOptions {
  expiresInSeconds: number;
  contentType: string;
  /** Exactly so many bytes may be put. */
  sizeBytes: number;
  origin?: string;
}

/**
 * Files by key: a relative path with `/`, without `.` and `..`, empty parts or control characters; others throw.
 * A file appears whole or not at all, and replaces the one that was there. Errors of disk or network reject as they are.
 */
export abstract class AssetStore {
  /** What stands before a key in messages: `s3://bucket/`. */
  abstract readonly uriPrefix: string;
  /** Bytes that can still be written; `null`: nobody knows an end. */
  abstract roomBytes(): Promise<number | null>;
  /** For files that are in memory anyhow: pictures. */
  abstract put(key: string, content: Uint8Array, options?: PutOptions): Promise<void>;
  /** Streamed, of any size: some MiB in memory at most. Rejects with what the stream fails with, and leaves nothing. */
  abstract putStream(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options?: PutStreamOptions,
  ): Promise<{ sizeBytes: number }>;
  /** The whole content, or `null`: for small files. */
  abstract get(key: string): Promise<Buffer | null>;
  /** `null` when there is none. Throws `RangeError` when the range begins behind the end. */
  abstract open(key: string, range?: ByteRange): Promise<OpenAsset | null>;
  abstract stat(key: string): Promise<AssetInfo | null>;
  /** Every file whose key begins with `prefix`. */
  abstract list(prefix: string): AsyncIterable<AssetInfo>;
  /**
   * Takes a file to a key where none is yet: what is put at `from` from then on changes nothing at `to`. A file that is at
   * `to` already stays, and the other one goes. False when nothing is at `to` all the same: nothing was at `from`, or it
   * is being replaced. On S3 two callers must not do this to one `to` at a time.
   */
  abstract settle(from: string, to: string): Promise<boolean>;
  /** A missing file is no error. */
  abstract delete(key: string): Promise<void>;
  /**
   * Everything under `folder`, which ends with `/`: also files that are half written. One that does not exist is no
   * error.
   */
  abstract deleteFolder(folder: string): Promise<void>;
  /** A URL that gives the file to whoever has it, for a while; `Range` works. */
  abstract presignGet(key: string, options: PresignGetOptions): Promise<string>;
  /** A URL that takes the file by one PUT. */
  abstract presignPut(key: string, options: PresignPutOptions): Promise<string>;
}
