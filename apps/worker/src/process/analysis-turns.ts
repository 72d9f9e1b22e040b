/** A frame that waits for its camera's turn; the next one takes its place. */
export interface TurnTaker<Frame> {
  /** Never rejects. */
  work(frame: Frame): Promise<void>;
  /** A newer frame came before the turn. */
  drop(frame: Frame): void;
}

/**
 * One inference thread for all cameras of a child: they take turns, each with its newest frame. Holds one
 * waiting frame a camera; video waits for none of it.
 */
export class AnalysisTurns<Frame> {
  /** In the order of the turns: who was served goes to the end. */
  private readonly waiting = new Map<TurnTaker<Frame>, Frame>();
  private running = false;
  dropped = 0;

  offer(taker: TurnTaker<Frame>, frame: Frame): void {
    const older = this.waiting.get(taker);
    // Setting a key that is there keeps its place in the order.
    this.waiting.set(taker, frame);
    if (older !== undefined) {
      this.dropped += 1;
      taker.drop(older);
    }
    if (!this.running) void this.run();
  }

  /** What waits of this camera is dropped. */
  leave(taker: TurnTaker<Frame>): void {
    const frame = this.waiting.get(taker);
    this.waiting.delete(taker);
    if (frame !== undefined) taker.drop(frame);
  }

  private async run(): Promise<void> {
    this.running = true;
    for (;;) {
      const [next] = this.waiting;
      if (!next) break;
      const [taker, frame] = next;
      this.waiting.delete(taker);
      await taker.work(frame);
    }
    this.running = false;
  }
}
