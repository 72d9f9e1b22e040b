import { type Box, intersectionOverUnion, type Size } from '@camfleet/domain';

export interface ObjectDetection {
  /** Inside the frame. */
  box: Box;
  score: number;
  /** Like `person`. */
  label: string;
}

/** A box as a model tells it, in pixels of its input. */
export interface Candidate {
  left: number;
  top: number;
  right: number;
  bottom: number;
  score: number;
  /** Index of the class. */
  type: number;
}

/** What a decoder looks for. */
export interface Wanted {
  minScore: number;
  /** Indices of classes; the others are not looked at. */
  types: readonly number[];
}

/** The outputs of a run, by name. */
export type Outputs = (name: string) => Float32Array;

interface Finish {
  /** The size that the picture has in the input. */
  picture: Size;
  labels: readonly string[];
  /** Undefined: the model's boxes do not repeat. */
  maxOverlap: number | undefined;
}

/** Most that one picture gives; a picture of a crowd would keep the tracker for long. */
const MAX_DETECTIONS = 100;

/** Detectors take one for the other, often in the same picture. */
const VEHICLES = new Set(['car', 'truck', 'bus']);

/** Whether two labels may be told of one and the same object. */
export function similarTo(label: string, other: string): boolean {
  return label === other || (VEHICLES.has(label) && VEHICLES.has(other));
}

/** Fractions of the picture, best first; of boxes of one class, or two that are alike, that overlap, the best. */
export function toDetections(
  candidates: readonly Candidate[],
  { picture, labels, maxOverlap }: Finish,
): ObjectDetection[] {
  const kept: ObjectDetection[] = [];
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score)) {
    const detection = { ...toFractions(candidate, picture), label: labels[candidate.type] ?? '' };
    const isRepeated = kept.some(
      ({ box, label }) =>
        maxOverlap !== undefined &&
        similarTo(label, detection.label) &&
        intersectionOverUnion(box, detection.box) > maxOverlap,
    );
    if (!isRepeated && detection.box[2] > 0 && detection.box[3] > 0) kept.push(detection);
    if (kept.length === MAX_DETECTIONS) break;
  }
  return kept;
}

function toFractions({ left, top, right, bottom, score }: Candidate, { width, height }: Size) {
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const x = clamp(left / width);
  const y = clamp(top / height);
  const box: Box = [x, y, clamp(right / width) - x, clamp(bottom / height) - y];
  return { box, score };
}

/** The best of the wanted classes among `scores[at]` and those behind it, when it reaches the score. */
export function bestType(
  scores: Float32Array,
  at: number,
  { types, minScore }: Wanted,
): { type: number; score: number } | undefined {
  let score = minScore;
  let best: number | undefined;
  for (const type of types) {
    const value = scores[at + type] ?? 0;
    if (value < score) continue;
    score = value;
    best = type;
  }
  return best === undefined ? undefined : { type: best, score };
}
