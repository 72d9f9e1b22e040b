import { CamfleetError } from '@camfleet/domain';
import { Agent, request } from 'undici';
import { BackOff } from '../capture/back-off';
import { pause } from '../fleet/pause';
import type { AssetFile, Upload } from './ipc';

/** Files that go out with one request for addresses. */
const BATCH_FILES = 32;
/** What is asked for within this time goes together. */
const GATHER_MS = 10;
const UPLOADS_AT_ONCE = 4;
const PUT_TIMEOUT_MS = 30_000;
/** How long one file is tried for. */
const GIVE_UP_MS = 60_000;

interface Waiting {
  file: AssetFile;
  bytes: Uint8Array;
  resolve: (stored: { key: string }) => void;
  reject: (error: unknown) => void;
}

export interface AssetSenderOptions {
  /** Where these files go. Rejects when the API will not have them. */
  addresses: (files: AssetFile[]) => Promise<Upload[]>;
  signal: AbortSignal;
}

/**
 * Stores files where the API says, some at a time. Holds what it is given until it is stored: the analysis bounds it by
 * waiting.
 */
export class AssetSender implements AsyncDisposable {
  private readonly agent = new Agent({ connections: UPLOADS_AT_ONCE });
  private waiting: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(private readonly options: AssetSenderOptions) {}

  put(name: string, contentType: string, bytes: Uint8Array): Promise<{ key: string }> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ file: { name, contentType, sizeBytes: bytes.length }, bytes, resolve, reject });
      if (this.waiting.length >= BATCH_FILES) this.flush();
      else this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.timer);
    for (const { reject } of this.waiting.splice(0)) reject(this.options.signal.reason);
    await this.agent.destroy();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.waiting.splice(0, BATCH_FILES);
    this.sending = this.sending.then(() => this.send(batch));
  }

  private async send(batch: Waiting[]): Promise<void> {
    try {
      const uploads = await this.options.addresses(batch.map(({ file }) => file));
      const byName = new Map(uploads.map((upload) => [upload.name, upload]));
      await Promise.all(batch.map((waiting) => this.store(waiting, byName.get(waiting.file.name))));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  private async store(waiting: Waiting, first: Upload | undefined): Promise<void> {
    const backOff = new BackOff({ firstMs: 200, capMs: 5_000 });
    const giveUpAtMs = performance.now() + GIVE_UP_MS;
    let upload = first;
    try {
      for (;;) {
        if (!upload) throw notStored(waiting.file, 'it has no address');
        const status = await this.putOnce(waiting, upload.url);
        if (status < 300) return waiting.resolve({ key: upload.key });
        if (status === 413 || status === 415) throw notStored(waiting.file, `HTTP ${status}`);
        if (performance.now() > giveUpAtMs) throw notStored(waiting.file, `HTTP ${status || 'no answer'}`);
        await pause(backOff.nextMs(), this.options.signal);
        this.options.signal.throwIfAborted();
        // An address ends some time: another one is asked for.
        if (status >= 400 && status < 500) [upload] = await this.options.addresses([waiting.file]);
      }
    } catch (error) {
      waiting.reject(error);
    }
  }

  /** The status; 0 when there was no answer. */
  private async putOnce({ file, bytes }: Waiting, url: string): Promise<number> {
    try {
      const { statusCode, body } = await request(url, {
        method: 'PUT',
        dispatcher: this.agent,
        headers: { 'content-type': file.contentType },
        body: bytes,
        headersTimeout: PUT_TIMEOUT_MS,
        bodyTimeout: PUT_TIMEOUT_MS,
        signal: this.options.signal,
      });
      await body.dump();
      return statusCode;
    } catch {
      return 0;
    }
  }
}

function notStored({ name }: AssetFile, why: string): Error {
  return new CamfleetError('INTERNAL_ERROR', `The file ${name} could not be stored: ${why}.`);
}
