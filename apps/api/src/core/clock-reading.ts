/** How far two clocks may drift apart: ten times what a quartz does. */
const DRIFT_SHARE = 0.0005;

/** A far clock, read over a connection. The other times are on this process's monotonic clock, in ms. */
export interface ClockExchange {
  clockMs: number;
  sentAtMs: number;
  receivedAtMs: number;
}

/**
 * A far clock's time between readings. A reading is taken for the middle of its round trip, wrong by half of it at
 * most; a slow one is left out while it says nothing against a quicker one before it.
 */
export class ClockReading {
  private known?: { offsetMs: number; errorMs: number; atMs: number };
  private lastMs = -Infinity;

  observe({ clockMs, sentAtMs, receivedAtMs }: ClockExchange): void {
    const offsetMs = clockMs - (sentAtMs + receivedAtMs) / 2;
    const errorMs = (receivedAtMs - sentAtMs) / 2;
    const { known } = this;
    const knownErrorMs = known && known.errorMs + (receivedAtMs - known.atMs) * DRIFT_SHARE;
    // Neither can be wrong by so much: the far clock was set, or this machine has slept.
    const contradicts = known && Math.abs(known.offsetMs - offsetMs) > errorMs + (knownErrorMs ?? 0);
    if (knownErrorMs === undefined || errorMs <= knownErrorMs || contradicts)
      this.known = { offsetMs, errorMs, atMs: receivedAtMs };
  }

  /** Unix ms. A clock that is set back is waited for: no time goes back. */
  at(monotonicMs: number): number {
    if (!this.known) throw new Error('The clock has not been read yet.');
    this.lastMs = Math.max(this.lastMs, monotonicMs + this.known.offsetMs);
    return this.lastMs;
  }
}
