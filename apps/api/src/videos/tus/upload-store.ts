import type { ApiConfig } from '@camfleet/config';
import type { VideoIntakeRepository } from '@camfleet/database';
import { s3ClientConfig } from '@camfleet/storage';
import type { MetadataValue } from '@tus/s3-store';
import type { DataStore, Upload } from '@tus/server';
import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openChunkFolder } from './chunk-folder';

/** A part is gathered on disk before it goes to S3: 10,000 of them are 80 GiB. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

/** What S3's adapter keeps beside an upload. */
export function spareKeysOf(config: ApiConfig, rawKey: string): string[] {
  return config.s3 ? [`${rawKey}.info`, `${rawKey}.part`] : [];
}

/** Of S3Store: what is known of the upload, its bytes, the first part's number, where they begin. */
type Parts = [about: MetadataValue, content: Readable, partNumber: number, offset: number];

/**
 * Where tus writes: straight to the video's own key, which nobody reads before it is whole. How far an upload came is
 * what is there (the file's length, S3's parts), never what somebody remembers. (tus comes as ES modules alone.)
 */
export async function openUploadStore(config: ApiConfig, intake: VideoIntakeRepository): Promise<DataStore> {
  const store = config.s3
    ? await s3Store(config.s3, config.dataDirectory)
    : await diskStore(config.dataDirectory, intake);
  // A length that comes later would escape the quota.
  store.extensions = ['creation', 'creation-with-upload', 'termination'];
  return store;
}

async function s3Store(s3: NonNullable<ApiConfig['s3']>, dataDirectory: string): Promise<DataStore> {
  const { S3Store } = await import('@tus/s3-store');
  const directory = await openChunkFolder(dataDirectory);
  /** The library gathers parts in the system's folder; in one of ours they are found again after a crash. */
  class TidyS3Store extends S3Store {
    protected override uploadParts(...upload: Parts): Promise<number> {
      const { TMPDIR } = process.env;
      process.env.TMPDIR = directory;
      try {
        // It asks for the folder before it first waits for anything.
        return super.uploadParts(...upload);
      } finally {
        if (TMPDIR === undefined) delete process.env.TMPDIR;
        else process.env.TMPDIR = TMPDIR;
      }
    }

    protected override async uniqueTmpFileName(name: string): Promise<string> {
      return join(directory, `${name}${randomUUID()}`);
    }
  }
  return new TidyS3Store({
    partSize: PART_BYTES,
    maxConcurrentPartUploads: PARTS_AT_ONCE,
    useTags: false,
    s3ClientConfig: { ...s3ClientConfig(s3), bucket: s3.bucket },
  });
}

async function diskStore(dataDirectory: string, intake: VideoIntakeRepository): Promise<DataStore> {
  const { FileStore } = await import('@tus/file-store');
  const { Upload } = await import('@tus/server');
  const directory = join(dataDirectory, 'assets');
  /** On its disk, and not only on its way there, before the client is told. */
  class SyncedFileStore extends FileStore {
    override async write(readable: Readable, key: string, offset: number): Promise<number> {
      const written = await super.write(readable, key, offset);
      const file = await open(join(directory, key), 'r+');
      await file.datasync().finally(() => file.close());
      return written;
    }
  }
  return new SyncedFileStore({ directory, configstore: rowsAsConfig(intake, Upload) });
}

/** The row of the video says all that there is to know of its upload. */
function rowsAsConfig(intake: VideoIntakeRepository, make: typeof Upload) {
  return {
    get: async (rawKey: string): Promise<Upload | undefined> => {
      const row = await intake.findByKey(rawKey);
      if (!row) return undefined;
      return new make({
        id: rawKey,
        offset: 0,
        size: Number(row.sizeBytes),
        metadata: { filename: row.fileName, filetype: row.contentType },
        creation_date: row.createdAt.toISOString(),
      });
    },
    set: async (): Promise<void> => undefined,
    delete: async (): Promise<void> => undefined,
  };
}
