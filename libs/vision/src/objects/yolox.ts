import type { Size } from '@camfleet/domain';
import { bestType, type Candidate, type Outputs, type Wanted } from './object-detection';

export interface YoloxDecoder {
  strides: readonly number[];
  output: string;
}

/** Centre, size, objectness. */
const BEFORE_SCORES = 5;

/**
 * YOLOX: of each cell the centre as an offset in strides, the logarithm of the size in strides, whether there is
 * something, and what (arxiv.org/abs/2107.08430; demo/ONNXRuntime in the repository of Megvii, Apache-2.0).
 */
export function decodeYolox(
  output: Outputs,
  { strides, output: name }: YoloxDecoder,
  { input, types, wanted }: { input: Size; types: number; wanted: Wanted },
): Candidate[] {
  const rows = output(name);
  const width = BEFORE_SCORES + types;
  const found: Candidate[] = [];
  let at = 0;
  for (const stride of strides) {
    const columns = Math.floor(input.width / stride);
    const cells = columns * Math.floor(input.height / stride);
    for (let cell = 0; cell < cells; cell += 1, at += width) {
      const [dx = 0, dy = 0, logWidth = 0, logHeight = 0, objectness = 0] = rows.subarray(
        at,
        at + BEFORE_SCORES,
      );
      if (objectness < wanted.minScore) continue;
      const sure = { ...wanted, minScore: wanted.minScore / objectness };
      const best = bestType(rows, at + BEFORE_SCORES, sure);
      if (!best) continue;
      const x = ((cell % columns) + dx) * stride;
      const y = (Math.floor(cell / columns) + dy) * stride;
      const halfWidth = (Math.exp(logWidth) * stride) / 2;
      const halfHeight = (Math.exp(logHeight) * stride) / 2;
      const box = { left: x - halfWidth, right: x + halfWidth, top: y - halfHeight, bottom: y + halfHeight };
      found.push({ ...box, type: best.type, score: best.score * objectness });
    }
  }
  return found;
}
