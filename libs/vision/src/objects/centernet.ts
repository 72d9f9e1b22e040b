import type { Size } from '@camfleet/domain';
import type { Candidate, Outputs, Wanted } from './object-detection';

export interface CenternetDecoder {
  /** Output with a score for each class of each cell. */
  keypoints: string;
  /** The same, where each cell has the largest of itself and its eight neighbours. */
  peaks: string;
  /** Distances of the left, top, right and bottom side of each cell, in pixels of the input. */
  sides: string;
}

/** A cell of the answer is this many pixels of the input. */
const STRIDE = 4;

/** Objects as points: where a class scores higher than around it (arxiv.org/abs/1904.07850). */
export function decodeCenternet(
  output: Outputs,
  { keypoints, peaks, sides }: CenternetDecoder,
  { input, types, wanted }: { input: Size; types: number; wanted: Wanted },
): Candidate[] {
  const [scores, highest, distances] = [output(keypoints), output(peaks), output(sides)];
  const columns = input.width / STRIDE;
  const found: Candidate[] = [];
  for (let cell = 0; cell * types < scores.length; cell += 1) {
    for (const type of wanted.types) {
      const score = scores[cell * types + type] ?? 0;
      if (score < wanted.minScore || score !== highest[cell * types + type]) continue;
      const x = (cell % columns) * STRIDE;
      const y = Math.floor(cell / columns) * STRIDE;
      const [left = 0, top = 0, right = 0, bottom = 0] = distances.subarray(cell * 4, cell * 4 + 4);
      found.push({ left: x - left, top: y - top, right: x + right, bottom: y + bottom, score, type });
    }
  }
  return found;
}
