import type { FeedPart } from './feed-part';

/** How much early a picture may come and still count as on time: cameras and timers jitter. */
const TOLERANCE = 0.5;

/** Thins pictures to a rate, by their own times and without drifting. Slates pass, and the first picture after one. */
export class FrameLimiter {
  private nextAtMs = -Infinity;
  private readonly intervalMs: number;

  /** `fps` undefined: everything passes. */
  constructor(fps: number | undefined) {
    this.intervalMs = fps === undefined ? 0 : 1000 / fps;
  }

  /** True when this part is due. */
  admit({ slate, timestampMs }: Pick<FeedPart, 'slate' | 'timestampMs'>): boolean {
    if (this.intervalMs === 0) return true;
    if (slate) {
      this.nextAtMs = -Infinity;
      return true;
    }
    // A clock that went back (another camera session) must not silence the viewer.
    if (timestampMs < this.nextAtMs - 2 * this.intervalMs) this.nextAtMs = -Infinity;
    if (timestampMs < this.nextAtMs - Math.min(TOLERANCE * this.intervalMs, 20)) return false;
    this.nextAtMs = Math.max(this.nextAtMs + this.intervalMs, timestampMs + this.intervalMs / 2);
    return true;
  }
}
