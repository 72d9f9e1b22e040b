import type { PixelRect, RgbImage } from '@camfleet/domain';
import { readPixel } from '../pictures/pixels';
import type { FivePoints, PixelPoint } from './five-points';

/** Of the grey square by which sharpness and exposure are judged, and that the landmark model looks at. */
export const GREY_SIDE = 64;
const LEVELS = 256;

/** The square that the landmark model looks at: as high as the face, with the same centre. */
export function landmarkSquare({ x, y, width, height }: PixelRect): PixelRect {
  return { x: x + width / 2 - height / 2, y, width: height, height };
}

/**
 * The square in 64 x 64 grey levels, 0 to 1 (ITU-R BT.601 luma over 256).
 * @param grey 64 * 64 numbers, filled row by row
 */
export function greySquare(image: RgbImage, square: PixelRect, grey: Float32Array): void {
  const step = square.width / GREY_SIDE;
  const pixel = new Float32Array(3);
  for (let row = 0; row < GREY_SIDE; row += 1) {
    const y = square.y + (row + 0.5) * step - 0.5;
    for (let column = 0; column < GREY_SIDE; column += 1) {
      readPixel(image, { x: square.x + (column + 0.5) * step - 0.5, y }, pixel);
      const [red = 0, green = 0, blue = 0] = pixel;
      grey[row * GREY_SIDE + column] = (0.299 * red + 0.587 * green + 0.114 * blue) / LEVELS;
    }
  }
}

/** The model's 136 numbers as 68 points of the picture. */
export function toPoints(output: Float32Array, square: PixelRect): PixelPoint[] {
  return Array.from({ length: output.length / 2 }, (_, index) => [
    (output[index * 2] ?? 0) * square.width + square.x,
    (output[index * 2 + 1] ?? 0) * square.height + square.y,
  ]);
}

export function meanPoint(points: readonly PixelPoint[], indices: readonly number[]): PixelPoint {
  let x = 0;
  let y = 0;
  for (const index of indices) {
    const point = points[index];
    if (!point) throw new RangeError(`There is no landmark ${index}.`);
    x += point[0] / indices.length;
    y += point[1] / indices.length;
  }
  return [x, y];
}

/** Eyes, nose and corners of the mouth, left before right as the picture shows them. */
export function fivePoints(landmarks: readonly PixelPoint[]): FivePoints {
  return [
    meanPoint(landmarks, [37, 38, 40, 41]),
    meanPoint(landmarks, [43, 44, 46, 47]),
    meanPoint(landmarks, [30]),
    meanPoint(landmarks, [48, 60]),
    meanPoint(landmarks, [54, 64]),
  ];
}
