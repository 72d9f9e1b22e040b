import type { ServerResponse } from 'node:http';
import { MJPEG_CONTENT_TYPE, MJPEG_OPENING } from './part-format';

/** A reader that takes nothing for this long is ended. The kernel's buffers hide a stall for a while. */
const STALL_MS = 10_000;
/** What a reader has to read the end of a feed; what it has not taken by then is of no use to it. */
const END_MS = 1_000;

export interface FeedWriterOptions {
  headers?: Readonly<Record<string, string>>;
  /** A part was dropped because a newer one took its place. */
  onDrop?: () => void;
}

/** One open feed. While its connection is behind, one part waits, the newest; what it takes the place of is dropped. */
export class FeedWriter {
  private waiting?: Uint8Array;
  private stall?: NodeJS.Timeout;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: FeedWriterOptions = {},
  ) {
    response.on('drain', () => this.drained());
    response.on('close', () => clearTimeout(this.stall));
    response.writeHead(200, {
      'Content-Type': MJPEG_CONTENT_TYPE,
      'Cache-Control': 'no-store',
      Connection: 'close',
      ...options.headers,
    });
    response.write(MJPEG_OPENING);
  }

  /** Takes a part as `formatPart` makes it. */
  write(part: Uint8Array): void {
    if (this.isOver) return;
    if (!this.response.writableNeedDrain) {
      this.response.write(part);
      return;
    }
    if (this.waiting) this.options.onDrop?.();
    this.waiting = part;
    this.stall ??= setTimeout(() => this.response.destroy(), STALL_MS);
  }

  end(): void {
    this.response.end();
    setTimeout(() => this.response.destroy(), END_MS).unref();
  }

  private get isOver(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  private drained(): void {
    clearTimeout(this.stall);
    this.stall = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting && !this.isOver) this.response.write(waiting);
  }
}
