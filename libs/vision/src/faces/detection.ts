import { type Box, intersectionOverUnion, type Size } from '@camfleet/domain';
import { FACE_DETECTOR } from '../models/catalogue';
import { DETECTOR_INPUT } from './letterbox';

export interface FaceDetection {
  /** Inside the frame. */
  box: Box;
  /** 0.65 to 1. */
  score: number;
}

const { score: MIN_SCORE, overlap: MAX_OVERLAP } = FACE_DETECTOR.thresholds;
const clamp = (value: number) => Math.min(1, Math.max(0, value));

/**
 * Reads the detector's answer.
 * @param scores pairs: background, face
 * @param corners left, top, right, bottom as fractions of the detector's input
 * @param picture the size that the picture has in the input (`letterbox`)
 */
export function decodeDetections(
  scores: Float32Array,
  corners: Float32Array,
  picture: Size,
): FaceDetection[] {
  const found: FaceDetection[] = [];
  const toX = DETECTOR_INPUT.width / picture.width;
  const toY = DETECTOR_INPUT.height / picture.height;
  for (let index = 0; index * 2 < scores.length; index += 1) {
    const score = scores[index * 2 + 1] ?? 0;
    if (score < MIN_SCORE) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = corners.subarray(index * 4, index * 4 + 4);
    const x = clamp(left * toX);
    const y = clamp(top * toY);
    const width = clamp(right * toX) - x;
    const height = clamp(bottom * toY) - y;
    if (width > 0 && height > 0) found.push({ box: [x, y, width, height], score });
  }
  return suppressOverlaps(found, MAX_OVERLAP);
}

/** Greedy non-maximum suppression: best first, and none that overlaps a better one by more than `maxOverlap`. */
export function suppressOverlaps(found: readonly FaceDetection[], maxOverlap: number): FaceDetection[] {
  const kept: FaceDetection[] = [];
  for (const candidate of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => intersectionOverUnion(box, candidate.box) <= maxOverlap))
      kept.push(candidate);
  }
  return kept;
}
