import type { BenchRow } from '../row';
import { eventDelay } from './event-delay';
import { firstPicture } from './first-picture';
import { heartbeats } from './heartbeats';
import { idleCpu } from './idle-cpu';
import { ingestion } from './ingestion';
import { joining } from './joining';
import { loopLag } from './loop-lag';
import { manyViewers } from './many-viewers';
import { memory } from './memory';
import { placing } from './placing';
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
  heartbeats,
  placing,
  ingestion,
];
