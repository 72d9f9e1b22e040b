export interface BackOffOptions {
  firstMs: number;
  capMs: number;
  /** 0 to 1. Default Math.random. */
  random?: () => number;
}

/** Exponential back-off with full jitter: a random wait up to a bound that doubles until the cap. */
export class BackOff {
  private attempts = 0;

  constructor(private readonly options: BackOffOptions) {}

  /** How long to wait before the next try. */
  nextMs(): number {
    const { firstMs, capMs, random = Math.random } = this.options;
    const bound = Math.min(capMs, firstMs * 2 ** Math.min(this.attempts, 30));
    this.attempts += 1;
    return random() * bound;
  }

  /** After a success: the next trouble begins with short waits again. */
  reset(): void {
    this.attempts = 0;
  }
}
