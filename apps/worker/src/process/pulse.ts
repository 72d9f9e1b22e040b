const INTERVAL_MS = 250;

/**
 * The one timer of a child that has nothing to do, since each look wakes the machine: tells how late the event loop
 * is, and lets the clock be looked at, in which a suspension shows (timers stand still meanwhile).
 */
export class Pulse implements Disposable {
  readonly intervalMs = INTERVAL_MS;
  private readonly timer: NodeJS.Timeout;
  private expectedAtMs = performance.now() + INTERVAL_MS;
  private longestMs = 0;

  constructor(private readonly onBeat: () => void) {
    this.timer = setInterval(() => this.beat(), INTERVAL_MS);
  }

  /** How late the event loop came to it at the worst since the last question, ms. */
  takeLagMs(): number {
    const lagMs = this.longestMs;
    this.longestMs = 0;
    return lagMs;
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }

  private beat(): void {
    const nowMs = performance.now();
    this.longestMs = Math.max(this.longestMs, nowMs - this.expectedAtMs);
    this.expectedAtMs = nowMs + INTERVAL_MS;
    this.onBeat();
  }
}
