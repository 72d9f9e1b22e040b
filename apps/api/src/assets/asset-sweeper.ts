import { DoomedFilesRepository } from '@camfleet/database';
import { AssetStore } from '@camfleet/storage';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';

const SWEEP_INTERVAL_MS = 60_000;
/** Files of one transaction, and of those deleted at a time. */
const BATCH = 100;
const DELETED_AT_ONCE = 8;
const RETRY = { retryAfterMs: 60_000 };

/**
 * Deletes doomed files: named ones at once, all that are due at the start and each minute. A crash leaves what it was at
 * to the next sweep, of whichever replica.
 */
@Injectable()
export class AssetSweeper implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer?: NodeJS.Timeout;
  private sweeping?: Promise<void>;
  private isStopped = false;

  constructor(
    private readonly doomed: DoomedFilesRepository,
    private readonly assets: AssetStore,
    @Inject(API_OPTIONS) private readonly options: Pick<ApiOptions, 'logger'>,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.wake(), SWEEP_INTERVAL_MS);
    this.wake();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** Sweeps in the background: after a commit that doomed more than its caller can wait for. */
  wake(): void {
    this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
  }

  /** After the commit that doomed them, or when staged ones are not needed. What fails is tried again by a sweep. */
  async remove(keys: readonly string[]): Promise<void> {
    try {
      for (let from = 0; from < keys.length; from += BATCH)
        await this.doomed.remove(keys.slice(from, from + BATCH), RETRY, (found) => this.delete(found));
    } catch (err) {
      this.failed(err);
    }
  }

  private async sweep(): Promise<void> {
    try {
      while (
        !this.isStopped &&
        (await this.doomed.sweep(BATCH, RETRY, (keys) => this.delete(keys))) === BATCH
      );
    } catch (err) {
      if (!this.isStopped) this.failed(err);
    }
  }

  private async delete(keys: readonly string[]): Promise<{ failed: string[] }> {
    const failed: string[] = [];
    const left = [...keys];
    const work = async () => {
      for (let key = left.pop(); key !== undefined; key = left.pop())
        try {
          await this.deleteNow(key);
        } catch (err) {
          failed.push(key);
          this.failed(err);
        }
    };
    await Promise.all(Array.from({ length: DELETED_AT_ONCE }, work));
    return { failed };
  }

  /** `folder/` is all that lies under it; `folder/*` the same, on a list of its own for a later time. */
  private async deleteNow(key: string): Promise<void> {
    const folder = key.replace(/\/\*$/, '/');
    if (folder.endsWith('/')) await this.assets.deleteFolder(folder);
    else await this.assets.delete(key);
  }

  private failed(err: unknown): void {
    this.options.logger.warn({ err }, 'asset_sweeper.failed');
  }
}
