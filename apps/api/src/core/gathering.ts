interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * Does for many callers at once what each asks for alone: while one round is under way, the next gathers. So a
 * herd of callers costs a few statements, and holds one connection.
 */
export class Gathering<Item, Result> {
  private waiting: Waiting<Item, Result>[] = [];
  private running = false;

  constructor(
    /** Answers each item in the order given. What it throws, all of the round get. */
    private readonly work: (items: Item[]) => Promise<readonly Result[]>,
    private readonly options: {
      /** Items in one round. */
      maxItems: number;
      /** No two items of one key are in the same round. */
      keyOf?: (item: Item) => string;
    },
  ) {}

  /** Items that wait for a round. */
  get size(): number {
    return this.waiting.length;
  }

  do(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      if (!this.running) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.running = true;
    // What is asked for in the same moment goes together.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) {
      const round = this.take();
      try {
        const results = await this.work(round.map(({ item }) => item));
        round.forEach(({ resolve, reject }, index) =>
          index < results.length
            ? resolve(results[index] as Result)
            : reject(new Error('A round left an item unanswered.')),
        );
      } catch (error) {
        for (const { reject } of round) reject(error);
      }
    }
    this.running = false;
  }

  private take(): Waiting<Item, Result>[] {
    const { maxItems, keyOf } = this.options;
    const round: Waiting<Item, Result>[] = [];
    const rest: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    for (const waiting of this.waiting) {
      const key = keyOf?.(waiting.item);
      const fits = round.length < maxItems && (key === undefined || !keys.has(key));
      (fits ? round : rest).push(waiting);
      if (fits && key !== undefined) keys.add(key);
    }
    this.waiting = rest;
    return round;
  }
}
