/** A step in a file's time beyond this is a jump (a wrong time stamp, a cut), not a pause. */
const MAX_STEP_MS = 5000;
/** Later than this, the rest is not hurried: time is counted anew. */
const MAX_LATE_MS = 1000;
const USUAL_INTERVAL_MS = 40;

/**
 * Says when the packets of a file are due, by their own time. Time goes on over loops; steps back and jumps
 * count as one usual interval, so that wrong time stamps neither stall nor rush.
 */
export class MediaPacer {
  private virtualMs = 0;
  private anchorMs: number | undefined;
  private lastMediaMs: number | undefined;

  /** How long to wait (ms, 0 or more) before the packet is handed on. */
  delayMs(mediaTimeMs: number | undefined, options: { nowMs: number; fps: number | undefined }): number {
    const { nowMs, fps } = options;
    this.virtualMs += this.anchorMs === undefined ? 0 : this.step(mediaTimeMs, fps);
    this.lastMediaMs = mediaTimeMs;
    this.anchorMs ??= nowMs;
    const dueMs = this.anchorMs + this.virtualMs;
    if (nowMs - dueMs > MAX_LATE_MS) this.anchorMs = nowMs - this.virtualMs;
    return Math.max(0, dueMs - nowMs);
  }

  private step(mediaTimeMs: number | undefined, fps: number | undefined): number {
    const step = (mediaTimeMs ?? NaN) - (this.lastMediaMs ?? NaN);
    if (step >= 0 && step <= MAX_STEP_MS) return step;
    return fps && fps >= 1 && fps <= 1000 ? 1000 / fps : USUAL_INTERVAL_MS;
  }
}
