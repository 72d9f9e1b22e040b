import type { SourceSettings } from '@camfleet/domain';
import { sourceKey } from '@camfleet/media';
import { SourceReader, type SourceReaderOptions } from './source-reader';

export interface SourceLease extends AsyncDisposable {
  readonly reader: SourceReader;
  /** Resolves when nobody has the source any more and its connection is closed. */
  readonly closed: Promise<void>;
}

interface Shared {
  reader: SourceReader;
  leases: number;
}

/**
 * One running reader per source, however many cameras of this process want it: a source is opened again when it is
 * closed, since some cameras have one reader at most.
 */
export class SourceRegistry {
  private readonly shared = new Map<string, Shared>();
  private readonly closing = new Map<string, Promise<void>>();

  constructor(private readonly options: Omit<SourceReaderOptions, 'settings'>) {}

  /**
   * The reader of this source, started. It stops when the last lease is disposed of.
   * @throws SourceError `SOURCE_INVALID`
   */
  acquire(settings: SourceSettings): SourceLease {
    const key = sourceKey(settings);
    const shared = this.shared.get(key) ?? this.open(key, settings);
    shared.leases += 1;
    let released = false;
    return {
      reader: shared.reader,
      closed: shared.reader.closed,
      [Symbol.asyncDispose]: async () => {
        if (released) return;
        released = true;
        await this.release(key, shared);
      },
    };
  }

  private open(key: string, settings: SourceSettings): Shared {
    const shared = { reader: new SourceReader({ ...this.options, settings }), leases: 0 };
    this.shared.set(key, shared);
    shared.reader.start(this.closing.get(key));
    return shared;
  }

  private async release(key: string, shared: Shared): Promise<void> {
    shared.leases -= 1;
    if (shared.leases > 0) return;
    if (this.shared.get(key) === shared) this.shared.delete(key);
    const closing = shared.reader.stop();
    this.closing.set(key, closing);
    await closing;
    if (this.closing.get(key) === closing) this.closing.delete(key);
  }
}
