import type { RgbImage } from '@camfleet/domain';
import type { FaceEmbedderEntry } from '../models/entry';
import type { PictureInput } from '../models/picture-input';
import { channelPlan } from '../pictures/letterbox';
import { readPixel } from '../pictures/pixels';
import { type FivePoints, mapPoints, type PixelPoint } from './five-points';

const ARCFACE_SIDE = 112;
/** Where eyes, nose and mouth lie in the 112 x 112 picture that ArcFace embedders are taught with. */
const ARCFACE_TEMPLATE: FivePoints = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

/** Where an embedder wants eyes, nose and mouth, in pixels of its input. */
export function templateOf({ template, input }: FaceEmbedderEntry): FivePoints {
  if (template !== 'arcface') return template;
  return mapPoints(ARCFACE_TEMPLATE, ([x, y]) => [
    (x * input.width) / ARCFACE_SIDE,
    (y * input.height) / ARCFACE_SIDE,
  ]);
}

/** (x, y) → (a·x - b·y + x0, b·x + a·y + y0): turns, scales evenly, moves; never mirrors. */
export interface Similarity {
  a: number;
  b: number;
  x0: number;
  y0: number;
}

function centre(points: readonly PixelPoint[]): PixelPoint {
  const sum = points.reduce(([x, y], point) => [x + point[0], y + point[1]] as const, [0, 0] as const);
  return [sum[0] / points.length, sum[1] / points.length];
}

/**
 * The similarity that takes `from` to `to` with the least squared error (Umeyama 1991). In the plane, and
 * without mirroring, its solution is a quotient of complex numbers: Σ conj(p)·q / Σ |p|², from the centres.
 */
export function fitSimilarity(from: readonly PixelPoint[], to: readonly PixelPoint[]): Similarity {
  const [fromX, fromY] = centre(from);
  const [toX, toY] = centre(to);
  let real = 0;
  let imaginary = 0;
  let norm = 0;
  from.forEach(([px, py], index) => {
    const [qx, qy] = to[index] ?? [toX, toY];
    const [x, y, u, v] = [px - fromX, py - fromY, qx - toX, qy - toY];
    real += x * u + y * v;
    imaginary += x * v - y * u;
    norm += x * x + y * y;
  });
  const a = norm > 0 ? real / norm : 0;
  const b = norm > 0 ? imaginary / norm : 0;
  return { a, b, x0: toX - a * fromX + b * fromY, y0: toY - b * fromX - a * fromY };
}

export interface AlignedTarget {
  input: PictureInput;
  /** As many numbers as the input has. */
  tensor: Float32Array;
}

/**
 * Warps a face upright into the embedder's input, bilinear.
 * @param toAligned from pixels of `image` to those of the input
 * @returns false when the points fell together, and no picture can be made of them
 */
export function alignFace(image: RgbImage, toAligned: Similarity, { input, tensor }: AlignedTarget): boolean {
  const { a, b, x0, y0 } = toAligned;
  const norm = a * a + b * b;
  if (norm < 1e-12) return false;
  const { step, red, green, blue } = channelPlan(input);
  const pixel = new Float32Array(3);
  for (let row = 0; row < input.height; row += 1) {
    for (let column = 0; column < input.width; column += 1) {
      const u = column - x0;
      const v = row - y0;
      readPixel(image, { x: (a * u + b * v) / norm, y: (a * v - b * u) / norm }, pixel);
      const at = (row * input.width + column) * step;
      tensor[at + red.offset] = ((pixel[0] ?? 0) - red.mean) * red.scale;
      tensor[at + green.offset] = ((pixel[1] ?? 0) - green.mean) * green.scale;
      tensor[at + blue.offset] = ((pixel[2] ?? 0) - blue.mean) * blue.scale;
    }
  }
  return true;
}
