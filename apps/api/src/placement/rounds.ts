/** Runs a work one at a time; whoever asks while it runs shares the round after it. */
export class Rounds {
  private current?: Promise<void>;
  private next?: Promise<void>;

  constructor(private readonly work: () => Promise<void>) {}

  /** Resolves, or rejects, with a round that began after this call. */
  request(): Promise<void> {
    if (!this.current) return this.begin();
    this.next ??= this.current.catch(() => undefined).then(() => this.begin());
    return this.next;
  }

  private begin(): Promise<void> {
    this.next = undefined;
    const round = this.work().finally(() => {
      if (this.current === round) this.current = undefined;
    });
    this.current = round;
    return round;
  }
}
