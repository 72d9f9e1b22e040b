import type { Box, Size } from '@camfleet/domain';
import type { FaceDecoder } from '../models/entry';

/** A detector's input and the size that the picture has in it. */
export interface Scaled {
  input: Size;
  picture: Size;
}

const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** The part of a box inside the frame; undefined when there is none. */
export function boxWithin(
  left: number,
  top: number,
  [right, bottom]: readonly [number, number],
): Box | undefined {
  const x = clamp(left);
  const y = clamp(top);
  const width = clamp(right) - x;
  const height = clamp(bottom) - y;
  return width > 0 && height > 0 ? [x, y, width, height] : undefined;
}

/** Scores are pairs (background, face); boxes left, top, right, bottom as fractions of the input. */
export function decodeCorners(
  decoder: Extract<FaceDecoder, { id: 'corners' }>,
  output: (name: string) => Float32Array,
  { input, picture }: Scaled,
): { box: Box; score: number }[] {
  const scores = output(decoder.scores);
  const corners = output(decoder.boxes);
  const toX = input.width / picture.width;
  const toY = input.height / picture.height;
  const found: { box: Box; score: number }[] = [];
  for (let index = 0; index * 2 < scores.length; index += 1) {
    const score = scores[index * 2 + 1] ?? 0;
    if (score < decoder.minScore) continue;
    const [left = 0, top = 0, right = 0, bottom = 0] = corners.subarray(index * 4, index * 4 + 4);
    const box = boxWithin(left * toX, top * toY, [right * toX, bottom * toY]);
    if (box) found.push({ box, score });
  }
  return found;
}
