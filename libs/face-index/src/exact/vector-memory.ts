import { FaceIndexError } from '../face-index-error';
import { type Dots, KERNEL_STEP_BYTES, loadKernel, QUERY_AT, SCORES_AT } from './kernel';

export const PAGE_BYTES = 65_536;
/** 4 GiB, the most that a WebAssembly memory of 32 bits has. */
const MAX_PAGES = 65_536;
/** Pages are taken from the system as they are written to; this only bounds how often the memory grows. */
const GROW_PAGES = 16;

/**
 * The memory that vectors lie in, and the only copy of them: pages of 64 KiB, taken and given back one by one, so that
 * it is never larger than what it holds by more than a page a matrix and one step of growth.
 */
export class VectorMemory {
  private readonly free: number[] = [];
  private taken = 1;
  private readonly memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  private readonly dots: Dots = loadKernel(this.memory);
  private all = new Float32Array(this.memory.buffer);

  constructor(private readonly maxPages = MAX_PAGES) {}

  /** Rows are padded to what the kernel reads in one step. */
  static rowBytes(dimensions: number): number {
    return Math.ceil((dimensions * 4) / KERNEL_STEP_BYTES) * KERNEL_STEP_BYTES;
  }

  /** All of the memory; not to be kept over {@link takePage}. */
  get floats(): Float32Array {
    return this.all;
  }

  /** @throws FaceIndexError `FACE_INDEX_FULL` */
  takePage(): number {
    const page = this.free.pop();
    if (page !== undefined) return page;
    if (this.taken >= this.maxPages) throw full();
    if (this.taken * PAGE_BYTES >= this.memory.buffer.byteLength) this.grow();
    return this.taken++;
  }

  givePage(page: number): void {
    this.free.push(page);
  }

  setQuery(vector: Float32Array): void {
    this.all.fill(0, QUERY_AT, QUERY_AT + VectorMemory.rowBytes(vector.length) / 4);
    this.all.set(vector, QUERY_AT / 4);
  }

  /** Of the query with the first `rows` rows of this page; gone with the next call. */
  scoresOf(page: number, { rows, rowBytes }: { rows: number; rowBytes: number }): Float32Array {
    const start = page * PAGE_BYTES;
    this.dots(start, start + rows * rowBytes, rowBytes);
    return this.all.subarray(SCORES_AT / 4, SCORES_AT / 4 + rows);
  }

  private grow(): void {
    try {
      this.memory.grow(Math.min(GROW_PAGES, this.maxPages - this.taken));
    } catch (cause) {
      throw full(cause);
    }
    this.all = new Float32Array(this.memory.buffer);
  }
}

function full(cause?: unknown): FaceIndexError {
  return new FaceIndexError('FACE_INDEX_FULL', 'No more faces fit into the memory of this index.', { cause });
}
