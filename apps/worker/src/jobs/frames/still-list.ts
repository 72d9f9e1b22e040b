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
 * The stills that are stored, in their order. As a checkpoint it is some bytes, however long the video is: evenly
 * spaced frames of one size are one entry.
 */
export class StillList {
  readonly stills: Still[] = [];
  private readonly runs: z.infer<typeof Run>[] = [];
  private prefix = '';
  private best: StillListState['best'];

  constructor(state?: StillListState) {
    this.prefix = state?.prefix ?? '';
    this.best = state?.best;
    for (const [stepMs, width, height, count] of state?.runs ?? []) {
      for (let i = 0; i < count; i += 1) this.push({ timestampMs: this.lastMs + stepMs, width, height });
    }
  }

  /** `score`: the highest one makes the thumbnail. */
  add(still: Still, { key, score }: { key: string; score: number }): void {
    const index = this.stills.length;
    const name = stillName(index);
    if (!key.endsWith(name)) throw new Error(`the key of ${name} does not end with it`);
    this.prefix = key.slice(0, -name.length);
    if (!this.best || score > this.best.score) this.best = { index, score };
    this.push(still);
  }

  get state(): StillListState {
    return { runs: this.runs, prefix: this.prefix, ...(this.best && { best: this.best }) };
  }

  get lastMs(): number {
    return this.stills.at(-1)?.timestampMs ?? 0;
  }

  keyOf(index: number): string {
    return this.prefix + stillName(index);
  }

  get bestIndex(): number {
    return this.best?.index ?? 0;
  }

  private push(still: Still): void {
    const stepMs = still.timestampMs - this.lastMs;
    const run = this.runs.at(-1);
    const isAlike = run && run[0] === stepMs && run[1] === still.width && run[2] === still.height;
    if (isAlike) run[3] += 1;
    else this.runs.push([stepMs, still.width, still.height, 1]);
    this.stills.push(still);
  }
}
