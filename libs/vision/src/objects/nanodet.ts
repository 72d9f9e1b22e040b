import type { Size } from '@camfleet/domain';
import { bestType, type Candidate, type Outputs, type Wanted } from './object-detection';

export interface NanodetDecoder {
  strides: readonly number[];
  /** Outputs with a score for each class of each cell, one output for each stride. */
  scores: readonly string[];
  /** Outputs with the distances of the four sides, each as a distribution. */
  distances: readonly string[];
  /** Of a distribution: 0 to `bins - 1` strides. */
  bins: number;
}

/**
 * NanoDet: a cell's centre, and from it the expected distance to the left, top, right and bottom side
 * (github.com/RangiLyu/nanodet, Apache-2.0; Generalized Focal Loss, arxiv.org/abs/2006.04388).
 * @param input the model's
 */
export function decodeNanodet(
  output: Outputs,
  { strides, scores, distances, bins }: NanodetDecoder,
  { input, types, wanted }: { input: Size; types: number; wanted: Wanted },
): Candidate[] {
  return strides.flatMap((stride, level) => {
    const columns = Math.ceil(input.width / stride);
    const scored = output(scores[level] ?? '');
    const sides = output(distances[level] ?? '');
    const found: Candidate[] = [];
    for (let cell = 0; cell * types < scored.length; cell += 1) {
      const best = bestType(scored, cell * types, wanted);
      if (!best) continue;
      const x = ((cell % columns) + 0.5) * stride;
      const y = (Math.floor(cell / columns) + 0.5) * stride;
      const side = (index: number) => expected(sides, (cell * 4 + index) * bins, bins) * stride;
      found.push({ left: x - side(0), top: y - side(1), right: x + side(2), bottom: y + side(3), ...best });
    }
    return found;
  });
}

/** The mean of a distribution that is given as logits. */
function expected(logits: Float32Array, from: number, bins: number): number {
  const largest = Math.max(...logits.subarray(from, from + bins));
  let sum = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin += 1) {
    const weight = Math.exp((logits[from + bin] ?? 0) - largest);
    sum += weight;
    weighted += weight * bin;
  }
  return weighted / sum;
}
