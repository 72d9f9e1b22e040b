import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceError } from '@camfleet/domain';
import { Agent, type Dispatcher, interceptors } from 'undici';
import { fromSystemError, sourceError } from '../sources/source-failure';
import { HttpRange } from './http-range';

export interface HttpFileOptions {
  url: string;
  signal: AbortSignal;
  /** How long the server may be away or silent before the file is given up. Default 20 s. */
  patienceMs?: number | undefined;
}

const DEFAULT_PATIENCE_MS = 20_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** A step forward that is not longer is read over: a new request takes longer. */
const SHORT_STEP_BYTES = 256 * 1024;
const MAX_REDIRECTS = 3;

/**
 * A file behind an http(s) address, read from any place by `Range`. One answer is open at a time and read as it is
 * asked for, so that a socket's buffer is all that is held. A connection that breaks is taken up where it broke: the
 * end of a connection is never mistaken for the end of the file.
 */
export class HttpFile {
  /** What ended the reading: a demuxer makes something else of it. */
  failure: SourceError | undefined;
  private readonly dispatcher: Dispatcher;
  private position = 0;
  private size: number | undefined;
  private range: HttpRange | undefined;

  private constructor(private readonly options: HttpFileOptions) {
    const silenceMs = options.patienceMs ?? DEFAULT_PATIENCE_MS;
    const timeouts = { headersTimeout: silenceMs, bodyTimeout: silenceMs, connect: { timeout: silenceMs } };
    this.dispatcher = new Agent(timeouts).compose(interceptors.redirect({ maxRedirections: MAX_REDIRECTS }));
  }

  /** @throws SourceError; the signal's reason when it was aborted */
  static async open(options: HttpFileOptions): Promise<HttpFile> {
    if (!/^https?:\/\//i.test(options.url) || !URL.canParse(options.url))
      throw sourceError('SOURCE_INVALID', 'A recorded video is read over http and https alone.');
    const file = new HttpFile(options);
    try {
      await file.persistently(() => file.open());
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whole size; undefined when the server does not say. */
  get sizeBytes(): number | undefined {
    return this.size;
  }

  /** Where the next read begins. */
  get offset(): number {
    return this.position;
  }

  /** Nothing is asked for until the next read. */
  seek(position: number): void {
    this.position = position;
  }

  /** At most `bytes`; null at the end. @throws SourceError */
  async read(bytes: number): Promise<Buffer | null> {
    try {
      return await this.persistently(() => this.next(bytes));
    } catch (error) {
      this.failure ??= fromSystemError(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    this.drop();
    await this.dispatcher.destroy();
  }

  /** Tries again while it is only the network that fails, until it has failed for too long. */
  private async persistently<Value>(work: () => Promise<Value>): Promise<Value> {
    const { signal, patienceMs = DEFAULT_PATIENCE_MS } = this.options;
    const sinceMs = performance.now();
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        this.drop();
        const failure = fromSystemError(error);
        const isPassing = failure.code === 'SOURCE_UNREACHABLE' || failure.code === 'SOURCE_TIMEOUT';
        if (!isPassing || performance.now() - sinceMs > patienceMs) throw failure;
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  private async next(bytes: number): Promise<Buffer | null> {
    if (this.size !== undefined && this.position >= this.size) return null;
    const range = await this.rangeAtPosition();
    const piece = await range.read(bytes);
    this.position += piece?.length ?? 0;
    if (piece || this.size === undefined) return piece;
    throw sourceError('SOURCE_UNREACHABLE', 'The connection ended before the video did.');
  }

  private async rangeAtPosition(): Promise<HttpRange> {
    const step = this.position - (this.range?.at ?? Infinity);
    if (step < 0 || step > SHORT_STEP_BYTES) this.drop();
    const range = this.range ?? (await this.open());
    // Of a server without ranges, however far it is.
    while (range.at < this.position) {
      if (!(await range.read(this.position - range.at)))
        throw sourceError('SOURCE_UNREACHABLE', 'The connection ended before the video did.');
    }
    return range;
  }

  private async open(): Promise<HttpRange> {
    const { url, signal } = this.options;
    const range = await HttpRange.open({ url, from: this.position, dispatcher: this.dispatcher, signal });
    this.range = range;
    if (this.size !== undefined && range.sizeBytes !== undefined && range.sizeBytes !== this.size)
      throw sourceError('SOURCE_UNSUPPORTED', 'The video was replaced while it was read.');
    this.size ??= range.sizeBytes;
    return range;
  }

  private drop(): void {
    this.range?.close();
    this.range = undefined;
  }
}
