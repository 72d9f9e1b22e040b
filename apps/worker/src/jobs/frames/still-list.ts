import type { FramesPart } from '@camfleet/protocol';
import { z } from 'zod';

/** What was stored of one frame. */
export interface Still {
  timestampMs: number;
  width: number;
  height: number;
}

/** `[milliseconds after the one before, width, height, how many of these follow each other]` */
const Run = z.tuple([z.int(), z.int(), z.int(), z.int().min(1)]);

export const StillListState = z.object({
  /** How many were taken, and the time of the last of them. */
  taken: z.object({ stills: z.int(), lastMs: z.int() }),
  /** Those after them. */
  runs: z.array(Run),
  /** What stands before the names in the keys. */
  prefix: z.string(),
  best: z.object({ index: z.int(), score: z.number() }).optional(),
});
export type StillListState = z.infer<typeof StillListState>;

/** `frames/00000012.jpg` */
export function stillName(index: number): string {
  return `frames/${String(index).padStart(8, '0')}.jpg`;
}

/**
 * The stills that are stored and were not told yet, in their order; evenly spaced ones of one size are one entry of the
 * state. Whoever takes them now and then bounds it, however long the video is.
 */
export class StillList {
  private stills: Still[] = [];
  private taken: StillListState['taken'];
  private prefix: string;
  private best: StillListState['best'];

  constructor(state?: StillListState) {
    this.taken = state?.taken ?? { stills: 0, lastMs: 0 };
    this.prefix = state?.prefix ?? '';
    this.best = state?.best;
    for (const [stepMs, width, height, count] of state?.runs ?? [])
      for (let i = 0; i < count; i += 1)
        this.stills.push({ timestampMs: this.lastMs + stepMs, width, height });
  }

  /** `score`: the highest one makes the thumbnail. */
  add(still: Still, { key, score }: { key: string; score: number }): void {
    const index = this.nextIndex;
    const name = stillName(index);
    if (!key.endsWith(name)) throw new Error(`the key of ${name} does not end with it`);
    this.prefix = key.slice(0, -name.length);
    if (!this.best || score > this.best.score) this.best = { index, score };
    this.stills.push(still);
  }

  /** Those that were not taken yet, as they stand in the raw response. */
  take(): FramesPart['frames'] {
    const { stills: first } = this.taken;
    const frames = this.stills.map(({ timestampMs, ...size }, at) => {
      return { index: first + at, timestamp_ms: timestampMs, ...size, key: this.keyOf(first + at) };
    });
    this.taken = { stills: this.nextIndex, lastMs: this.lastMs };
    this.stills = [];
    return frames;
  }

  get state(): StillListState {
    const { taken, prefix, best } = this;
    return { taken, runs: runsOf(this.stills, taken.lastMs), prefix, ...(best && { best }) };
  }

  get nextIndex(): number {
    return this.taken.stills + this.stills.length;
  }

  get lastMs(): number {
    return this.stills.at(-1)?.timestampMs ?? this.taken.lastMs;
  }

  /** That wait to be taken. */
  get waiting(): number {
    return this.stills.length;
  }

  keyOf(index: number): string {
    return this.prefix + stillName(index);
  }

  get bestIndex(): number {
    return this.best?.index ?? 0;
  }
}

function runsOf(stills: readonly Still[], beforeMs: number): StillListState['runs'] {
  const runs: StillListState['runs'] = [];
  let lastMs = beforeMs;
  for (const { timestampMs, width, height } of stills) {
    const stepMs = timestampMs - lastMs;
    lastMs = timestampMs;
    const run = runs.at(-1);
    if (run && run[0] === stepMs && run[1] === width && run[2] === height) run[3] += 1;
    else runs.push([stepMs, width, height, 1]);
  }
  return runs;
}
