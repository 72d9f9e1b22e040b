/** A frame that waits for its camera's turn; the next one takes its place. */
export interface TurnTaker<Frame> {
  /** Never rejects. */
  work(frame: Frame): Promise<void>;
  /** A newer frame came before the turn. */
  drop(frame: Frame): void;
}

/** A frame that was not looked at by then tells where somebody was, not where they are. */
const LATE_MS = 200;

/**
 * One inference thread for all cameras of a child: they take turns, each with its newest frame. Holds one
 * waiting frame a camera; video waits for none of it.
 */
export class AnalysisTurns<Frame> {
  /** In the order of the turns: who was served goes to the end. */
  private readonly waiting = new Map<TurnTaker<Frame>, { frame: Frame; sinceMs: number }>();
  private running = false;
  readonly counts = {
    /** Frames that were looked at. */
    done: 0,
    /** Of these, those that had waited for over 200 ms. */
    late: 0,
    /** Frames that a newer one replaced, or that could not be kept. */
    dropped: 0,
  };

  offer(taker: TurnTaker<Frame>, frame: Frame): void {
    const older = this.waiting.get(taker);
    // Setting a key that is there keeps its place in the order.
    this.waiting.set(taker, { frame, sinceMs: performance.now() });
    if (older !== undefined) {
      this.counts.dropped += 1;
      taker.drop(older.frame);
    }
    if (!this.running) void this.run();
  }

  isWaiting(taker: TurnTaker<Frame>): boolean {
    return this.waiting.has(taker);
  }

  /** What waits of this camera is dropped. */
  leave(taker: TurnTaker<Frame>): void {
    const left = this.waiting.get(taker);
    this.waiting.delete(taker);
    if (left !== undefined) taker.drop(left.frame);
  }

  /** A frame was due and could not be kept until its turn. */
  skipped(): void {
    this.counts.dropped += 1;
  }

  private async run(): Promise<void> {
    this.running = true;
    for (;;) {
      const [next] = this.waiting;
      if (!next) break;
      const [taker, { frame, sinceMs }] = next;
      this.waiting.delete(taker);
      this.counts.done += 1;
      if (performance.now() - sinceMs > LATE_MS) this.counts.late += 1;
      await taker.work(frame);
    }
    this.running = false;
  }
}
