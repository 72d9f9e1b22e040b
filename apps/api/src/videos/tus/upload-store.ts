import type { ApiConfig } from '@camfleet/config';
import type { VideoIntakeRepository } from '@camfleet/database';
import type { DataStore, Upload } from '@tus/server';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { openS3UploadStore } from './s3-upload-store';

/** What S3's adapter keeps beside an upload. */
export function spareKeysOf(config: ApiConfig, rawKey: string): string[] {
  return config.s3 ? [`${rawKey}.info`, `${rawKey}.part`] : [];
}

/**
 * Where tus writes: straight to the video's own key, which nobody reads before it is whole. How far an upload came is
 * what is there (the file's length, S3's parts), never what somebody remembers. (tus comes as ES modules alone.)
 */
export async function openUploadStore(config: ApiConfig, intake: VideoIntakeRepository): Promise<DataStore> {
  const store = config.s3
    ? await openS3UploadStore(config.s3)
    : await diskStore(config.dataDirectory, intake);
  // A length that comes later would escape the quota.
  store.extensions = ['creation', 'creation-with-upload', 'termination'];
  return store;
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
