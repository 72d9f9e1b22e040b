import type { Wanted } from './recorded-decoder';
import type { SampleGrid } from './sample-grid';

/** Cells that packets of one time can still fall into: reordering spans some pictures, not more. */
const OPEN_CELLS = 64;
/** Codecs whose non-reference pictures are needed by none (HEVC's may be, on a higher layer). */
const DISPENSABLE = new Set(['h264', 'mpeg4', 'mpeg2video', 'mpeg1video']);

/**
 * Says of each packet, in the order of decoding, whether its picture can be sampled: only the first of a cell can. What
 * cannot is left out by the decoder when no other picture needs it: about half of the pictures of H.264 with B-frames.
 */
export class PacketPlan {
  private readonly earliest = new Map<number, number>();
  private newestCell = 0;

  constructor(
    private grid: SampleGrid | undefined,
    codec: string,
  ) {
    if (!DISPENSABLE.has(codec)) this.grid = undefined;
  }

  /** The clock of the container began anew: its times do not tell any more. */
  giveUp(): void {
    this.grid = undefined;
  }

  /**
   * @param timestampMs when it is shown; undefined while that is not known
   * @param afterMs what is shown up to then is passed over
   */
  wanted(timestampMs: number | undefined, afterMs: number): Wanted {
    if (timestampMs === undefined || !this.grid) return 'all';
    const shownAtMs = Math.round(timestampMs);
    const cell = this.grid.cellOf(shownAtMs);
    const earliest = this.earliest.get(cell);
    if (earliest === undefined || shownAtMs < earliest) this.earliest.set(cell, shownAtMs);
    this.forget(cell);
    if (shownAtMs < afterMs) return 'reference';
    return earliest !== undefined && earliest < shownAtMs ? 'reference' : 'all';
  }

  private forget(cell: number): void {
    if (cell <= this.newestCell) return;
    this.newestCell = cell;
    for (const old of this.earliest.keys()) {
      if (old >= cell - OPEN_CELLS) break;
      this.earliest.delete(old);
    }
  }
}
