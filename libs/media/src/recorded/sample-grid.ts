/** Containers round times to whole ms: what should lie on a line of the grid may lie this much before it. */
const ROUNDING_MS = 1;

/** Times cut into equal cells, from 0 on. */
export class SampleGrid {
  constructor(readonly cellMs: number) {}

  cellOf(timestampMs: number): number {
    return Math.floor((timestampMs + ROUNDING_MS) / this.cellMs);
  }
}
