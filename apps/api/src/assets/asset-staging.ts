import { DoomedFilesRepository } from '@camfleet/database';
import { DiskAssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';

/** A file that nothing refers to yet. */
export interface StagedFile {
  key: string;
  content: Uint8Array;
}

/** Writes files that a transaction is about to refer to. */
@Injectable()
export class AssetStaging {
  constructor(
    private readonly doomed: DoomedFilesRepository,
    private readonly assets: DiskAssetStore,
  ) {}

  /**
   * Each goes again within two hours unless the transaction that refers to it claims it: a process that ends in between
   * leaves nothing behind.
   */
  async stage(files: readonly StagedFile[]): Promise<void> {
    await this.doomed.stage(files.map(({ key }) => key));
    for (const { key, content } of files) await this.assets.put(key, content);
  }
}
