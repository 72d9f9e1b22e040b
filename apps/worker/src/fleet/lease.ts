/** While every replica says that it has no database, cameras are held this long after the last renewal. */
export const DATABASE_OUTAGE_HOLD_MS = 60_000;

/** Of the lease, and at most so long: what closing the sources may take before its end. */
const MARGIN = { share: 0.1, maxMs: 500 };

/**
 * The right to run this worker's cameras. All times are on the machine's clock, so that suspension counts.
 */
export class Lease {
  private deadline = -Infinity;
  private renewedAtMs = -Infinity;
  /** Without an outage's hold. */
  private ownDeadline = -Infinity;

  /** Until when the cameras may run. */
  get deadlineMs(): number {
    return this.deadline;
  }

  /** An answer came to the heartbeat that was sent at `sentAtMs`. */
  renew({ sentAtMs, ttlMs }: { sentAtMs: number; ttlMs: number }): void {
    this.renewedAtMs = sentAtMs;
    this.deadline = this.ownDeadline = endOf({ sentAtMs, ttlMs });
  }

  /** Every replica answered that its database is away: nobody can give the cameras to others either. */
  hold({ sentAtMs, ttlMs }: { sentAtMs: number; ttlMs: number }): void {
    if (this.isOver(sentAtMs)) return;
    const limit = this.renewedAtMs + DATABASE_OUTAGE_HOLD_MS;
    this.deadline = Math.max(this.deadline, Math.min(endOf({ sentAtMs, ttlMs }), limit));
  }

  /** Nothing but an outage keeps it. */
  isHeld(nowMs: number): boolean {
    return nowMs >= this.ownDeadline && !this.isOver(nowMs);
  }

  isOver(nowMs: number): boolean {
    return nowMs >= this.deadline;
  }
}

function endOf({ sentAtMs, ttlMs }: { sentAtMs: number; ttlMs: number }): number {
  return sentAtMs + ttlMs - Math.min(MARGIN.maxMs, MARGIN.share * ttlMs);
}
