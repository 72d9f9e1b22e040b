import type { Box } from '@camfleet/domain';
import type { FaceDecoder } from '../models/entry';
import { boxWithin, type Scaled } from './corners';
import { type FivePoints, mapPoints } from './five-points';

const share = (value: number) => Math.min(1, Math.max(0, value));

/**
 * Each cell of each stride says how likely it is a face (√(cls · obj)), the centre's offset and the logarithm of the
 * size in cells, and five points as offsets in cells (as OpenCV's FaceDetectorYN reads it).
 */
export function decodeYunet(
  decoder: Extract<FaceDecoder, { id: 'yunet' }>,
  output: (name: string) => Float32Array,
  { input, picture }: Scaled,
): { box: Box; score: number; points: FivePoints }[] {
  const found: { box: Box; score: number; points: FivePoints }[] = [];
  for (const stride of decoder.strides) {
    const classes = output(`cls_${stride}`);
    const objectness = output(`obj_${stride}`);
    const boxes = output(`bbox_${stride}`);
    const points = output(`kps_${stride}`);
    const columns = Math.floor(input.width / stride);
    for (let cell = 0; cell < classes.length; cell += 1) {
      const score = Math.sqrt(share(classes[cell] ?? 0) * share(objectness[cell] ?? 0));
      if (score < decoder.minScore) continue;
      const column = cell % columns;
      const row = Math.floor(cell / columns);
      const toX = (cells: number) => (cells * stride) / picture.width;
      const toY = (cells: number) => (cells * stride) / picture.height;
      const [dx = 0, dy = 0, logWidth = 0, logHeight = 0] = boxes.subarray(cell * 4, cell * 4 + 4);
      const halfWidth = Math.exp(logWidth) / 2;
      const halfHeight = Math.exp(logHeight) / 2;
      const [x, y] = [column + dx, row + dy];
      const end = [toX(x + halfWidth), toY(y + halfHeight)] as const;
      const box = boxWithin(toX(x - halfWidth), toY(y - halfHeight), end);
      const five = fiveOf(points.subarray(cell * 10, cell * 10 + 10));
      if (box)
        found.push({ box, score, points: mapPoints(five, ([px, py]) => [toX(column + px), toY(row + py)]) });
    }
  }
  return found;
}

function fiveOf(values: Float32Array): FivePoints {
  const point = (index: number) => [values[index * 2] ?? 0, values[index * 2 + 1] ?? 0] as const;
  return [point(0), point(1), point(2), point(3), point(4)];
}
