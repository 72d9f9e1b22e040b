import type { RgbImage } from '@camfleet/domain';

/** Of the bars, each channel: what detectors are trained with. */
const GREY = 114;

/** The picture in the middle of a grey square; its longer side is that of the square already. */
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
