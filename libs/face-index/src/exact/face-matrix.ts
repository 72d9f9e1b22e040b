import type { EmbeddingModel, FaceKey } from '../face-index';
import { PAGE_BYTES, VectorMemory } from './vector-memory';

/** Vectors of one tenant, kind, model and version, without gaps: a row that goes is replaced by the last one. */
export class FaceMatrix {
  private readonly rowBytes: number;
  private readonly rowsPerPage: number;
  private readonly pages: number[] = [];
  /** By row. */
  private slots = new Int32Array(16);
  private rows = 0;

  constructor(
    private readonly memory: VectorMemory,
    readonly of: EmbeddingModel & Omit<FaceKey, 'id'> & { dimensions: number },
  ) {
    this.rowBytes = VectorMemory.rowBytes(of.dimensions);
    this.rowsPerPage = Math.floor(PAGE_BYTES / this.rowBytes);
  }

  get size(): number {
    return this.rows;
  }

  /** Its row. @throws FaceIndexError `FACE_INDEX_FULL`, and then nothing has changed. */
  add(slot: number, vector: Float32Array): number {
    const row = this.rows;
    if (row === this.pages.length * this.rowsPerPage) this.pages.push(this.memory.takePage());
    if (row === this.slots.length) {
      const longer = new Int32Array(Math.ceil(row * 1.25));
      longer.set(this.slots);
      this.slots = longer;
    }
    this.slots[row] = slot;
    this.rows += 1;
    this.write(row, vector);
    return row;
  }

  write(row: number, vector: Float32Array): void {
    const start = this.startOf(row);
    this.memory.floats.fill(0, start + vector.length, start + this.rowBytes / 4);
    this.memory.floats.set(vector, start);
  }

  /** The slot whose row this is now, if another one took its place. */
  remove(row: number): number | undefined {
    const last = this.rows - 1;
    const moved = this.slots[last];
    if (row !== last && moved !== undefined) {
      const from = this.startOf(last);
      this.memory.floats.copyWithin(this.startOf(row), from, from + this.rowBytes / 4);
      this.slots[row] = moved;
    }
    this.rows = last;
    const emptied = last % this.rowsPerPage === 0 ? this.pages.pop() : undefined;
    if (emptied !== undefined) this.memory.givePage(emptied);
    return row === last ? undefined : moved;
  }

  /** Every row's score with this vector, some rows at a time: `scores[i]` is that of `slots[first + i]`. */
  scan(vector: Float32Array, visit: (scores: Float32Array, slots: Int32Array, first: number) => void): void {
    this.memory.setQuery(vector);
    for (const [index, page] of this.pages.entries()) {
      const first = index * this.rowsPerPage;
      const rows = Math.min(this.rowsPerPage, this.rows - first);
      visit(this.memory.scoresOf(page, { rows, rowBytes: this.rowBytes }), this.slots, first);
    }
  }

  private startOf(row: number): number {
    const page = this.pages[Math.floor(row / this.rowsPerPage)];
    if (page === undefined) throw new Error(`There is no row ${row}.`);
    return (page * PAGE_BYTES + (row % this.rowsPerPage) * this.rowBytes) / 4;
  }
}
