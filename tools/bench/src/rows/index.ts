import type { BenchRow } from '../row';
import { eventDelay } from './event-delay';
import { firstPicture } from './first-picture';
import { idleCpu } from './idle-cpu';
import { joining } from './joining';
import { loopLag } from './loop-lag';
import { manyViewers } from './many-viewers';
import { memory } from './memory';
import { workerCpu } from './worker-cpu';

export const ROWS: readonly BenchRow[] = [
  workerCpu,
  idleCpu,
  manyViewers,
  firstPicture,
  joining,
  eventDelay,
  loopLag,
  memory,
];
