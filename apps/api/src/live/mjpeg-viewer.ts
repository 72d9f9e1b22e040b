import { MJPEG_CONTENT_TYPE, MJPEG_OPENING } from '@camfleet/domain';
import type { ServerResponse } from 'node:http';
import type { FeedViewer } from './feed-channel';
import type { FeedPart } from './feed-part';
import { FrameLimiter } from './frame-limiter';

/** A viewer that takes nothing for this long is ended. The kernel's buffers hide a stall for a while. */
const STALL_MS = 10_000;
/** What a viewer has to read the end of a feed. */
const END_MS = 1_000;

/** One browser (or player) that reads a feed. It gets the newest picture or none: what it is too slow for is dropped. */
export class MjpegViewer implements FeedViewer {
  /** Holds one picture, the newest. */
  private waiting?: FeedPart;
  private stall?: NodeJS.Timeout;
  readonly fps?: number;
  private readonly limiter: FrameLimiter;

  constructor(
    private readonly response: ServerResponse,
    private readonly options: { fps?: number; onDrop: () => void },
  ) {
    this.fps = options.fps;
    this.limiter = new FrameLimiter(options.fps);
    response.on('drain', () => this.drained());
    response.on('close', () => clearTimeout(this.stall));
    response.writeHead(200, {
      'Content-Type': MJPEG_CONTENT_TYPE,
      'Cache-Control': 'no-store',
      Pragma: 'no-cache',
      Connection: 'close',
      'X-Accel-Buffering': 'no',
    });
    response.write(MJPEG_OPENING);
  }

  part(part: FeedPart): void {
    if (this.response.writableEnded || this.response.destroyed) return;
    if (!part.slate && !this.limiter.admit(part.timestampMs)) return;
    if (this.response.writableNeedDrain) {
      if (this.waiting) this.options.onDrop();
      this.waiting = part;
      this.stall ??= setTimeout(() => this.response.destroy(), STALL_MS);
      return;
    }
    this.response.write(part.bytes);
  }

  ended(): void {
    this.response.end();
    // One that does not even read the end is not waited for.
    setTimeout(() => this.response.destroy(), END_MS).unref();
  }

  private drained(): void {
    clearTimeout(this.stall);
    this.stall = undefined;
    const { waiting } = this;
    this.waiting = undefined;
    if (waiting && !this.response.writableEnded) this.response.write(waiting.bytes);
  }
}
