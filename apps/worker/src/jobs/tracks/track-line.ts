import type { Box } from '@camfleet/domain';
import { z } from 'zod';

export interface TimedBox {
  timestampMs: number;
  box: Box;
}

/** Boxes as `t, x, y, width, height, t, …`: whole ms, and ten-thousandths of the frame. A third of what objects take. */
const FlatBoxes = z.array(z.int()).refine(({ length }) => length % 5 === 0);

/** What a line remembers, as JSON. */
export const TrackLineState = z.object({
  kept: FlatBoxes,
  /** Seen after the last that was kept, oldest first. */
  waiting: FlatBoxes,
  spacingMs: z.int(),
});
export type TrackLineState = z.infer<typeof TrackLineState>;

/** A box between two that are kept lies no farther from the straight way between them, in fractions of the frame. */
const TOLERANCE = 0.01;
/** Two that are kept lie no farther apart, so that at most some dozens wait. */
const MAX_SPAN_MS = 2_000;
/** So many are kept at most, however long the track is: then some go, and those that stay and come lie farther apart. */
const MAX_BOXES = 500;
const FIRST_SPACING_MS = 250;

const UNITS = 1e4;
const round = (value: number) => Math.round(value * UNITS) / UNITS;

/**
 * Where a track was over time: its boxes, without those that a straight line between their neighbours tells as well.
 * A track of a quarter of an hour and more is told in steps of a second or two, one of a day in steps of minutes.
 */
export class TrackLine {
  private kept: TimedBox[];
  private waiting: TimedBox[];
  /** The least between two that are kept. */
  private spacingMs: number;

  constructor(state?: TrackLineState) {
    this.kept = decode(state?.kept ?? []);
    this.waiting = decode(state?.waiting ?? []);
    this.spacingMs = state?.spacingMs ?? 0;
  }

  /** In the order of time. */
  add({ timestampMs, box: [x, y, width, height] }: TimedBox): void {
    const seen: TimedBox = { timestampMs, box: [round(x), round(y), round(width), round(height)] };
    const start = this.kept.at(-1);
    const before = this.waiting.at(-1);
    if (!start) this.kept.push(seen);
    else if (before && !isEven({ start, end: seen, between: this.waiting })) {
      if (before.timestampMs - start.timestampMs >= this.spacingMs) this.keep(before);
      this.waiting = [seen];
    } else this.waiting.push(seen);
  }

  /** Becomes what the other one is. */
  replace({ kept, waiting, spacingMs }: TrackLine): void {
    this.kept = [...kept];
    this.waiting = [...waiting];
    this.spacingMs = spacingMs;
  }

  get boxes(): TimedBox[] {
    return [...this.kept, ...this.waiting.slice(-1)];
  }

  get state(): TrackLineState {
    return { kept: encode(this.kept), waiting: encode(this.waiting), spacingMs: this.spacingMs };
  }

  private keep(box: TimedBox): void {
    this.kept.push(box);
    while (this.kept.length > MAX_BOXES) {
      this.spacingMs = Math.max(FIRST_SPACING_MS, 2 * this.spacingMs);
      let lastMs = -Infinity;
      this.kept = this.kept.filter(({ timestampMs }) => {
        const isFar = timestampMs - lastMs >= this.spacingMs;
        if (isFar) lastMs = timestampMs;
        return isFar;
      });
    }
  }
}

const encode = (boxes: readonly TimedBox[]): number[] =>
  boxes.flatMap(({ timestampMs, box }) => [timestampMs, ...box.map((value) => Math.round(value * UNITS))]);

function decode(numbers: readonly number[]): TimedBox[] {
  const boxes: TimedBox[] = [];
  for (let at = 0; at < numbers.length; at += 5) {
    const [timestampMs = 0, x = 0, y = 0, width = 0, height = 0] = numbers.slice(at, at + 5);
    boxes.push({ timestampMs, box: [x / UNITS, y / UNITS, width / UNITS, height / UNITS] });
  }
  return boxes;
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
