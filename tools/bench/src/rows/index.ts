import type { BenchRow } from '../row';
import { idleCpu } from './idle-cpu';
import { workerCpu } from './worker-cpu';

export const ROWS: readonly BenchRow[] = [workerCpu, idleCpu];
