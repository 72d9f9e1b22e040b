export { ROWS } from './rows';
export type { BenchContext, BenchRow, RowResult } from './row';
