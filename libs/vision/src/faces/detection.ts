import { type Box, intersectionOverUnion, type Size } from '@camfleet/domain';
import type { FaceDetectorEntry } from '../models/entry';
import { decodeCorners } from './corners';
import type { FivePoints } from './five-points';
import { decodeYunet } from './yunet';

export interface FaceDetection {
  /** Inside the frame. */
  box: Box;
  /** The detector's own, up to 1. */
  score: number;
  /** Fractions of the frame, where the detector finds them. */
  points?: FivePoints;
}

export interface DetectorAnswer {
  output: (name: string) => Float32Array;
  /** The size that the picture has in the input (`placePicture`). */
  picture: Size;
}

/** Reads a face detector's outputs as its entry says. Best first. */
export function decodeFaces(
  { decoder, input }: FaceDetectorEntry,
  { output, picture }: DetectorAnswer,
): FaceDetection[] {
  const scaled = { input, picture };
  const found =
    decoder.id === 'yunet' ? decodeYunet(decoder, output, scaled) : decodeCorners(decoder, output, scaled);
  return suppressOverlaps(found, decoder.maxOverlap);
}

/** Greedy non-maximum suppression: best first, and none that overlaps a better one by more than `maxOverlap`. */
export function suppressOverlaps<Detection extends { box: Box; score: number }>(
  found: readonly Detection[],
  maxOverlap: number,
): Detection[] {
  const kept: Detection[] = [];
  for (const candidate of [...found].sort((a, b) => b.score - a.score)) {
    if (kept.every(({ box }) => intersectionOverUnion(box, candidate.box) <= maxOverlap))
      kept.push(candidate);
  }
  return kept;
}
