/** The best `limit` of all that is offered, in a heap with the worst of them on top. */
export class BestScores {
  private readonly scores: number[] = [];
  private readonly keys: number[] = [];
  /** What is offered must reach it to be taken. */
  floor: number;

  constructor(
    private readonly limit: number,
    minScore: number,
  ) {
    this.floor = minScore;
  }

  /** Of a score that reaches {@link floor}. */
  offer(score: number, key: number): void {
    if (this.scores.length < this.limit) {
      this.scores.push(score);
      this.keys.push(key);
      this.rise(this.scores.length - 1);
    } else if (score > this.at(0)) {
      this.set(0, score, key);
      this.sink(0);
    } else {
      return;
    }
    if (this.scores.length === this.limit) this.floor = this.at(0);
  }

  /** In no order. */
  get taken(): { score: number; key: number }[] {
    return this.scores.map((score, index) => ({ score, key: this.keys[index] ?? -1 }));
  }

  private rise(start: number): void {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (this.at(parent) <= this.at(index)) return;
      this.swap(parent, index);
      index = parent;
    }
  }

  private sink(start: number): void {
    for (let index = start; ;) {
      const left = 2 * index + 1;
      const least = [left, left + 1].reduce(
        (best, child) => (this.at(child) < this.at(best) ? child : best),
        index,
      );
      if (least === index) return;
      this.swap(least, index);
      index = least;
    }
  }

  private at(index: number): number {
    return this.scores[index] ?? Infinity;
  }

  private set(index: number, score: number, key: number): void {
    this.scores[index] = score;
    this.keys[index] = key;
  }

  private swap(a: number, b: number): void {
    const [score, key] = [this.at(a), this.keys[a] ?? -1];
    this.set(a, this.at(b), this.keys[b] ?? -1);
    this.set(b, score, key);
  }
}
