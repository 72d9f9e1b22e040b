import type { RgbImage } from '@camfleet/domain';

/** Blocks along the picture's longer side: one of them is about half of the smallest face that can be found. */
const BLOCKS_ACROSS = 40;
/** Grey levels by which a block's mean differs when something is there that was not there before. */
const CLEAR_CHANGE = 12;
/** Less than that counts when several blocks show it. */
const FAINT_CHANGE = 6;
const FAINT_BLOCKS = 3;
/** The share of the newest picture in what a block usually changes by: learned in about ten seconds at 5 fps. */
const NOISE_GAIN = 0.02;
/** How many times its usual change a block has to change by, and how much is learned at the most: a tree, a clock. */
const NOISE_FACTOR = 4;
const MAX_LEARNED = 30;
/** Who has stopped moving is looked at for so long: to be sure of a face takes several looks. */
const SETTLE_MS = 1_000;
const SETTLE_LOOKS = 4;
/** A picture that stays the same is looked at all the same, four times a minute: somebody may lift their head. */
const RECHECK_MS = 15_000;

export interface MotionGateOptions {
  /** Between two pictures. */
  intervalMs: number;
  /** Where a change means nothing. */
  isMasked?: (x: number, y: number) => boolean;
}

/**
 * Says whether a picture can show anything that the last one did not which the detector has seen. Compares means of
 * blocks with those of that picture, so that what moves in slowly adds up; an even change of light is taken out, and
 * what flickers all the time raises its own blocks' threshold while nobody is there.
 */
export class MotionGate {
  /** Pictures that were let through. */
  looks = 0;

  private grid: Grid | undefined;
  private seen: Float32Array | undefined;
  private previous: Float32Array | undefined;
  private noise = new Float32Array(0);
  private movedAtMs = -Infinity;
  private lookedAtMs = -Infinity;

  constructor(private readonly options: MotionGateOptions) {}

  /**
   * @param somebody a face or an object is followed at the moment: then nothing is taken for noise
   * @returns whether the detector has to look at this picture
   */
  opens(picture: RgbImage, { timestampMs, somebody }: { timestampMs: number; somebody: boolean }): boolean {
    const grid = this.gridOf(picture);
    const means = grid.means(picture);
    if (this.hasMoved(means)) this.movedAtMs = timestampMs;
    if (!somebody) this.learn(means);
    this.previous = means;
    const settleMs = Math.max(SETTLE_MS, SETTLE_LOOKS * this.options.intervalMs);
    const isOpen = timestampMs - this.movedAtMs <= settleMs || timestampMs - this.lookedAtMs >= RECHECK_MS;
    if (isOpen) {
      this.looks += 1;
      this.lookedAtMs = timestampMs;
      this.seen = means;
    }
    return isOpen;
  }

  /** The source was away, or other settings hold: the next picture is a first one. */
  reset(): void {
    this.seen = undefined;
    this.previous = undefined;
  }

  private gridOf(picture: RgbImage): Grid {
    if (this.grid?.fits(picture)) return this.grid;
    this.grid = new Grid(picture, this.options.isMasked);
    this.noise = new Float32Array(this.grid.blocks);
    this.reset();
    return this.grid;
  }

  private hasMoved(means: Float32Array): boolean {
    const { seen, grid } = this;
    if (!seen || !grid) return true;
    const shift = median(differences(means, seen, grid));
    let faint = 0;
    for (const block of grid.watched) {
      const change = Math.abs((means[block] ?? 0) - (seen[block] ?? 0) - shift);
      const usual = NOISE_FACTOR * (this.noise[block] ?? 0);
      if (change > CLEAR_CHANGE + usual) return true;
      if (change > FAINT_CHANGE + usual) faint += 1;
    }
    return faint >= FAINT_BLOCKS;
  }

  private learn(means: Float32Array): void {
    const { previous, grid, noise } = this;
    if (!previous || !grid) return;
    const shift = median(differences(means, previous, grid));
    for (const block of grid.watched) {
      const change = Math.abs((means[block] ?? 0) - (previous[block] ?? 0) - shift);
      const before = noise[block] ?? 0;
      noise[block] = before + NOISE_GAIN * (Math.min(MAX_LEARNED, change) - before);
    }
  }
}

/** The blocks of pictures of one size. */
class Grid {
  readonly columns: number;
  readonly rows: number;
  /** Blocks that are not masked, by index. */
  readonly watched: readonly number[];
  private readonly side: number;

  constructor(
    private readonly size: { width: number; height: number },
    isMasked: MotionGateOptions['isMasked'],
  ) {
    const { width, height } = size;
    this.side = Math.max(1, Math.floor(Math.max(width, height) / BLOCKS_ACROSS));
    this.columns = Math.max(1, Math.floor(width / this.side));
    this.rows = Math.max(1, Math.floor(height / this.side));
    const middle = (index: number, length: number) => Math.min(1, ((index + 0.5) * this.side) / length);
    this.watched = Array.from({ length: this.blocks }, (_, block) => block).filter((block) => {
      const x = middle(block % this.columns, width);
      const y = middle(Math.floor(block / this.columns), height);
      return !isMasked?.(x, y);
    });
  }

  get blocks(): number {
    return this.columns * this.rows;
  }

  fits({ width, height }: RgbImage): boolean {
    return width === this.size.width && height === this.size.height;
  }

  /** Of the green channel, which carries most of what the eye calls brightness. */
  means({ data, width }: RgbImage): Float32Array {
    const { side, columns, rows } = this;
    const sums = new Float32Array(this.blocks);
    for (let y = 0; y < rows * side; y += 1) {
      const row = Math.floor(y / side) * columns;
      let from = y * width * 3 + 1;
      for (let column = 0; column < columns; column += 1) {
        let sum = 0;
        for (let x = 0; x < side; x += 1, from += 3) sum += data[from] ?? 0;
        sums[row + column] = (sums[row + column] ?? 0) + sum;
      }
    }
    const area = side * side;
    return sums.map((sum) => sum / area);
  }
}

function differences(means: Float32Array, before: Float32Array, { watched }: Grid): Float32Array {
  return Float32Array.from(watched, (block) => (means[block] ?? 0) - (before[block] ?? 0));
}

/** Of an empty list 0. Sorts its argument. */
function median(values: Float32Array): number {
  return values.sort()[Math.floor(values.length / 2)] ?? 0;
}
