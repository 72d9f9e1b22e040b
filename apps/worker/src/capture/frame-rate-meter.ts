const WINDOW = 32;
const MAX_AGE_MS = 5000;

/** The rate of the last 32 pictures, or of those of the last five seconds. */
export class FrameRateMeter {
  private times: number[] = [];

  add(timeMs: number): void {
    this.times.push(timeMs);
    if (this.times.length > WINDOW) this.times.shift();
  }

  reset(): void {
    this.times = [];
  }

  /** Pictures a second; undefined while fewer than five are known. */
  rate(nowMs: number): number | undefined {
    const recent = this.times.filter((time) => nowMs - time <= MAX_AGE_MS);
    const [first] = recent;
    const last = recent.at(-1);
    if (recent.length < 5 || first === undefined || last === undefined || last <= first) return undefined;
    return ((recent.length - 1) * 1000) / (last - first);
  }
}
