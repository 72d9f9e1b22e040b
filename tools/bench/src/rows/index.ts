import type { BenchRow } from '../row';
import { chaos } from './chaos';
import { claims } from './claims';
import { drain } from './drain';
import { eventDelay } from './event-delay';
import { exactSearch } from './exact-search';
import { faceCpu } from './face-cpu';
import { firstPicture } from './first-picture';
import { heartbeats } from './heartbeats';
import { hnswRecall } from './hnsw-recall';
import { idleCpu } from './idle-cpu';
import { ingestion } from './ingestion';
import { jobWorkerKilled } from './job-worker-killed';
import { joining } from './joining';
import { loopLag } from './loop-lag';
import { manyCameras } from './many-cameras';
import { manyViewers } from './many-viewers';
import { memory } from './memory';
import { placing } from './placing';
import { poisonedEnrolments } from './poisoned-enrolments';
import { recordedFrames } from './recorded-frames';
import { recordedObjects } from './recorded-objects';
import { replicaKilled } from './replica-killed';
import { stillScene } from './still-scene';
import { tracking } from './tracking';
import { uploadKilled } from './upload-killed';
import { uploadMemory } from './upload-memory';
import { verification } from './verification';
import { visits } from './visits';
import { workerCpu } from './worker-cpu';
import { workerKilled } from './worker-killed';
import { workerUnreachable } from './worker-unreachable';

export const ROWS: readonly BenchRow[] = [
  workerCpu,
  idleCpu,
  manyViewers,
  firstPicture,
  joining,
  eventDelay,
  loopLag,
  memory,
  workerKilled,
  workerUnreachable,
  replicaKilled,
  chaos,
  drain,
  heartbeats,
  placing,
  ingestion,
  verification,
  visits,
  poisonedEnrolments,
  faceCpu,
  manyCameras,
  exactSearch,
  hnswRecall,
  stillScene,
  uploadKilled,
  uploadMemory,
  recordedFrames,
  jobWorkerKilled,
  recordedObjects,
  claims,
  tracking,
];
