import type { FaceQuality, PixelRect } from '@camfleet/domain';
import type { FaceDetection } from '../faces/detection';
import type { FivePoints } from '../faces/five-points';
import type { ChosenModels } from '../models/catalogue';
import type { ObjectDetection } from '../objects/object-detection';
import type { VisionErrorCode } from './vision-error';

/** What the thread is started with. */
export interface ThreadStart {
  modelsDirectory: string;
  models: ChosenModels;
}

export interface FaceJob {
  /** Of the region's first byte. */
  offset: number;
  side: number;
  face: PixelRect;
  /** In the region's pixels, where the detector finds them. */
  points: FivePoints | undefined;
  heightPx: number;
  cutOff: boolean;
  /** Undefined: no embedding. Else one is made when the quality's score is at least this. */
  embedFromScore: number | undefined;
}

export interface ObjectsWanted {
  /** Undefined: all that the model knows. */
  labels?: readonly string[];
  /** Undefined: the model's own. */
  minScore?: number;
}

/** The pixels lie in shared memory; a thread does one job at a time. */
export type Job =
  | { kind: 'detect'; pixels: SharedArrayBuffer; width: number; height: number }
  | ({ kind: 'detect-objects'; pixels: SharedArrayBuffer; width: number; height: number } & ObjectsWanted)
  | { kind: 'describe'; pixels: SharedArrayBuffer; faces: FaceJob[] };

export interface FaceDescription {
  quality: FaceQuality;
  /** As many numbers as the embedder's `dimensions`, of length 1, where one was asked for and the face is good enough. */
  embedding?: Float32Array;
  /** Of the embedder's own vector: the clearer the face, the longer (Meng et al. 2021, MagFace). */
  embeddingLength?: number;
}

interface Costs {
  /** Time in the models. */
  modelMs: number;
  /** Time in the thread in all. */
  totalMs: number;
}

export type Answer =
  | { kind: 'ready' }
  | { kind: 'start-failed'; code: VisionErrorCode; message: string }
  | { kind: 'job-failed'; code: VisionErrorCode; message: string }
  | ({ kind: 'detected'; detections: FaceDetection[] } & Costs)
  | ({ kind: 'detected-objects'; objects: ObjectDetection[] } & Costs)
  | ({ kind: 'described'; descriptions: FaceDescription[] } & Costs);
