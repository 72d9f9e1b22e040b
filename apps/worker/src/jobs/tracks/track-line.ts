import type { Box } from '@camfleet/domain';

export interface TimedBox {
  timestampMs: number;
  box: Box;
}

/** What a line remembers, as JSON. */
export interface TrackLineState {
  kept: readonly TimedBox[];
  /** Seen after the last that was kept, oldest first. */
  waiting: readonly TimedBox[];
}

/** A box between two that are kept lies no farther from the straight way between them, in fractions of the frame. */
const TOLERANCE = 0.01;
/** Two that are kept lie no farther apart, so that at most some dozens wait. */
const MAX_SPAN_MS = 2_000;

const round = (value: number) => Math.round(value * 1e4) / 1e4;

/** Where a track was over time: its boxes, without those that a straight line between their neighbours tells as well. */
export class TrackLine {
  private kept: TimedBox[];
  private waiting: TimedBox[];

  constructor(state?: TrackLineState) {
    this.kept = [...(state?.kept ?? [])];
    this.waiting = [...(state?.waiting ?? [])];
  }

  /** In the order of time. */
  add({ timestampMs, box: [x, y, width, height] }: TimedBox): void {
    const seen: TimedBox = { timestampMs, box: [round(x), round(y), round(width), round(height)] };
    const start = this.kept.at(-1);
    const before = this.waiting.at(-1);
    if (!start) this.kept.push(seen);
    else if (before && !isEven({ start, end: seen, between: this.waiting })) {
      this.kept.push(before);
      this.waiting = [seen];
    } else this.waiting.push(seen);
  }

  /** Becomes what the other one is. */
  replace({ kept, waiting }: TrackLine): void {
    this.kept = [...kept];
    this.waiting = [...waiting];
  }

  get boxes(): TimedBox[] {
    return [...this.kept, ...this.waiting.slice(-1)];
  }

  get state(): TrackLineState {
    return { kept: [...this.kept], waiting: [...this.waiting] };
  }
}

interface Stretch {
  start: TimedBox;
  end: TimedBox;
  between: readonly TimedBox[];
}

function isEven({ start, end, between }: Stretch): boolean {
  const spanMs = end.timestampMs - start.timestampMs;
  if (spanMs > MAX_SPAN_MS) return false;
  return between.every(({ timestampMs, box }) => {
    const share = (timestampMs - start.timestampMs) / spanMs;
    return box.every((value, index) => {
      const [from = 0, to = 0] = [start.box[index], end.box[index]];
      return Math.abs(from + share * (to - from) - value) <= TOLERANCE;
    });
  });
}
