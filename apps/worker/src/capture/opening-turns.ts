export interface OpeningTurnsOptions {
  atOnce?: number;
  /** An opening that takes longer goes on, but others begin: a dead camera is waited for for seconds. */
  maxHoldMs?: number;
}

/**
 * When a switch or this process comes back, all cameras are to be opened in the same moment: some at once, the others
 * in the order in which they asked.
 */
export class OpeningTurns {
  private free: number;
  private readonly maxHoldMs: number;
  private readonly waiting = new Set<(hasTurn: boolean) => void>();

  constructor({ atOnce = 4, maxHoldMs = 500 }: OpeningTurnsOptions = {}) {
    this.free = atOnce;
    this.maxHoldMs = maxHoldMs;
  }

  /** A turn, to be disposed of when the source is open or has failed; none when the signal aborts first. */
  async take(signal: AbortSignal): Promise<Disposable | undefined> {
    if (this.free > 0) this.free -= 1;
    else if (!(await this.wait(signal))) return undefined;
    let isHeld = true;
    const giveBack = () => {
      clearTimeout(timer);
      if (isHeld) this.pass();
      isHeld = false;
    };
    const timer = setTimeout(giveBack, this.maxHoldMs);
    return { [Symbol.dispose]: giveBack };
  }

  private wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (hasTurn: boolean) => {
        this.waiting.delete(settle);
        signal.removeEventListener('abort', onAbort);
        resolve(hasTurn);
      };
      const onAbort = () => settle(false);
      this.waiting.add(settle);
      signal.addEventListener('abort', onAbort);
      if (signal.aborted) onAbort();
    });
  }

  private pass(): void {
    const [next] = this.waiting;
    if (next) next(true);
    else this.free += 1;
  }
}
