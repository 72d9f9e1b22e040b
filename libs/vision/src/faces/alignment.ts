import type { RgbImage } from '@camfleet/domain';
import { FACE_EMBEDDER } from '../models/catalogue';
import type { PixelPoint } from './landmarks';
import { readPixel } from './pixels';

export const ALIGNED_SIDE = FACE_EMBEDDER.input.shape[2];
const PLANE = ALIGNED_SIDE * ALIGNED_SIDE;

/** Where eyes, nose and mouth lie in the 112 x 112 picture that ArcFace embedders are taught with. */
export const ARCFACE_TEMPLATE: readonly PixelPoint[] = [
  [38.2946, 51.6963],
  [73.5318, 51.5014],
  [56.0252, 71.7366],
  [41.5493, 92.3655],
  [70.7299, 92.2041],
];

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

/**
 * Warps a face upright into the embedder's input: planes B, G, R of (x - 127) / 128, bilinear.
 * @param toAligned from pixels of `image` to those of the aligned picture
 * @param tensor 3 x 112 x 112 numbers
 * @returns false when the points fell together, and no picture can be made of them
 */
export function alignFace(image: RgbImage, toAligned: Similarity, tensor: Float32Array): boolean {
  const { a, b, x0, y0 } = toAligned;
  const norm = a * a + b * b;
  if (norm < 1e-12) return false;
  const pixel = new Float32Array(3);
  for (let row = 0; row < ALIGNED_SIDE; row += 1) {
    for (let column = 0; column < ALIGNED_SIDE; column += 1) {
      const u = column - x0;
      const v = row - y0;
      readPixel(image, { x: (a * u + b * v) / norm, y: (a * v - b * u) / norm }, pixel);
      const at = row * ALIGNED_SIDE + column;
      tensor[at] = ((pixel[2] ?? 0) - 127) / 128;
      tensor[at + PLANE] = ((pixel[1] ?? 0) - 127) / 128;
      tensor[at + 2 * PLANE] = ((pixel[0] ?? 0) - 127) / 128;
    }
  }
  return true;
}

/** The vector at length 1, so that a dot product is the cosine. */
export function normalise(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector.slice();
}

/** Cosine of two vectors of length 1: -1 to 1. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
