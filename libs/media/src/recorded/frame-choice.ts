import { SampleGrid } from './sample-grid';
import type { SamplePosition, Sampling } from './sampling';

/** `look`: whether it is taken depends on how much the picture has changed. */
export type Choice = 'take' | 'look' | 'pass';

/**
 * Which pictures are sampled, as they come in the order in which they are shown. Its state is the last one that was
 * taken, and nothing else: whoever goes on after it chooses the same ones.
 */
export class FrameChoice {
  private readonly grid: SampleGrid | undefined;
  private readonly fineGrid: SampleGrid | undefined;
  private sinceLast = 0;

  constructor(
    private readonly sampling: Sampling,
    private last: SamplePosition | undefined,
  ) {
    if ('fps' in sampling) this.grid = new SampleGrid(1000 / sampling.fps);
    if (sampling.kind === 'adaptive') this.fineGrid = new SampleGrid(500 / sampling.fps);
  }

  /** Cells of which the first picture alone can be chosen; undefined: any picture can. */
  get cells(): SampleGrid | undefined {
    return this.fineGrid ?? this.grid;
  }

  /** The grid looks at a picture of each cell once, whether it is taken or not. */
  private lookedAtCell = -1;

  of(timestampMs: number): Choice {
    const { last, sampling, grid, fineGrid } = this;
    this.sinceLast += 1;
    if (!last || sampling.kind === 'keyframes') return 'take';
    if (sampling.kind === 'stride') return this.sinceLast >= sampling.stride ? 'take' : 'pass';
    if (!grid || grid.cellOf(timestampMs) > grid.cellOf(last.timestampMs)) return 'take';
    if (!fineGrid) return 'pass';
    const cell = fineGrid.cellOf(timestampMs);
    if (cell <= Math.max(this.lookedAtCell, fineGrid.cellOf(last.timestampMs))) return 'pass';
    this.lookedAtCell = cell;
    return 'look';
  }

  /** It is taken: its place. */
  take(timestampMs: number): SamplePosition {
    this.last = { index: (this.last?.index ?? -1) + 1, timestampMs };
    this.sinceLast = 0;
    return this.last;
  }
}
