import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Assembled by the build. */
export const KERNEL_FILE = join(__dirname, '..', '..', 'dist', 'exact', 'kernel.wasm');
export const KERNEL_STEP_BYTES = 64;

/** The first page of the memory is scratch: the query, and the scores that the kernel gives. */
export const QUERY_AT = 0;
export const SCORES_AT = 16_384;

/** See kernel.wat. */
export type Dots = (row: number, end: number, rowBytes: number) => void;

/** The kernel over this memory. */
export function loadKernel(memory: WebAssembly.Memory): Dots {
  const code = new WebAssembly.Module(readFileSync(KERNEL_FILE));
  const { dots } = new WebAssembly.Instance(code, { env: { memory } }).exports;
  if (!isDots(dots)) throw new Error('The kernel has no function «dots».');
  return dots;
}

function isDots(value: unknown): value is Dots {
  return typeof value === 'function';
}
