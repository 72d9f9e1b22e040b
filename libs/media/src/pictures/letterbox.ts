import type { RgbImage, Size } from '@camfleet/domain';

/** Of the bars, each channel: what detectors are trained with. */
const GREY = 114;

/** The largest size of this shape in a square of this side; a smaller picture is enlarged. */
export function fitSquare({ width, height }: Size, side: number): Size {
  const scale = side / Math.max(width, height);
  return {
    width: Math.max(1, Math.min(side, Math.round(width * scale))),
    height: Math.max(1, Math.min(side, Math.round(height * scale))),
  };
}

/** The picture in the middle of a grey square; it has the size of `fitSquare` already. */
export function letterbox({ data, width, height }: RgbImage, side: number): RgbImage {
  const square = new Uint8Array(side * side * 3).fill(GREY);
  const left = Math.floor((side - width) / 2);
  const top = Math.floor((side - height) / 2);
  for (let row = 0; row < height; row += 1) {
    const line = data.subarray(row * width * 3, (row + 1) * width * 3);
    square.set(line, ((top + row) * side + left) * 3);
  }
  return { data: square, width: side, height: side };
}
