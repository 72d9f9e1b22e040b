/** Frames a second over the last few seconds, from the times at which they were drawn. */
export class FrameMeter {
  /** Times in ms, oldest first; at most as many as fit the window. */
  private times: number[] = [];

  constructor(private readonly windowMs = 3_000) {}

  mark(nowMs: number): void {
    this.times.push(nowMs);
    this.drop(nowMs);
  }

  /** `undefined` until two frames were drawn within the window. */
  fps(nowMs: number): number | undefined {
    this.drop(nowMs);
    const [first] = this.times;
    const last = this.times.at(-1);
    if (first === undefined || last === undefined || last === first) return undefined;
    return ((this.times.length - 1) * 1000) / (last - first);
  }

  private drop(nowMs: number): void {
    this.times = this.times.filter((time) => nowMs - time <= this.windowMs);
  }
}
