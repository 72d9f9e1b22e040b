import type { ServerResponse } from 'node:http';
import { MJPEG_CONTENT_TYPE, MJPEG_OPENING } from '@camfleet/domain';

/** A viewer whose connection takes nothing for so long is ended. */
const NO_PROGRESS_MS = 10_000;

/** One open feed. While the connection is behind, the newest part alone waits. */
export class MjpegViewer {
  private waiting: Buffer | undefined;
  private blockedTimer: NodeJS.Timeout | undefined;
  /** Parts that a newer one took the place of. */
  dropped = 0;

  constructor(private readonly response: ServerResponse) {
    response.writeHead(200, {
      'content-type': MJPEG_CONTENT_TYPE,
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.write(MJPEG_OPENING);
    response.on('drain', () => this.drained());
    response.on('close', () => clearTimeout(this.blockedTimer));
  }

  show(part: Buffer): void {
    if (this.blockedTimer === undefined) return this.write(part);
    if (this.waiting) this.dropped += 1;
    this.waiting = part;
  }

  end(): void {
    this.response.end();
    // What a stalled viewer has not taken by now is of no use to it.
    setTimeout(() => this.response.destroy(), 1_000).unref();
  }

  private write(part: Buffer): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    if (this.response.write(part)) return;
    this.blockedTimer = setTimeout(() => this.response.destroy(), NO_PROGRESS_MS);
  }

  private drained(): void {
    clearTimeout(this.blockedTimer);
    this.blockedTimer = undefined;
    const part = this.waiting;
    this.waiting = undefined;
    if (part) this.write(part);
  }
}
