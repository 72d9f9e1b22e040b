/** A box as fractions of the frame, 0 to 1: left, top, width, height. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** A point as fractions of the frame, 0 to 1. */
export type Point = readonly [x: number, y: number];

/** Packed 24-bit RGB, rows without padding: `data.length === width * height * 3`. */
export interface RgbImage {
  data: Uint8Array;
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A rectangle in whole pixels of a frame. */
export interface PixelRect extends Size {
  x: number;
  y: number;
}

/** Area shared by two boxes over the area that they cover together (Jaccard index), 0 to 1. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (a[2] * a[3] + b[2] * b[3] - shared);
}

/**
 * A square around the box, `margin` times its longer side; inside the frame, even, as chroma planes want it, and at
 * least 2 x 2.
 */
export function squareAround([x, y, width, height]: Box, frame: Size, margin: number): PixelRect {
  const even = (value: number) => 2 * Math.floor(value / 2);
  const side = margin * Math.max(width * frame.width, height * frame.height);
  const centreX = (x + width / 2) * frame.width;
  const centreY = (y + height / 2) * frame.height;
  const left = even(Math.max(0, centreX - side / 2));
  const top = even(Math.max(0, centreY - side / 2));
  return {
    x: left,
    y: top,
    width: Math.max(2, even(Math.min(frame.width, centreX + side / 2) - left)),
    height: Math.max(2, even(Math.min(frame.height, centreY + side / 2) - top)),
  };
}

/** The largest size of the picture's own shape that lies within these bounds; a smaller picture is enlarged. */
export function fitWithin({ width, height }: Size, bounds: Size): Size {
  const scale = Math.min(bounds.width / width, bounds.height / height);
  return {
    width: Math.max(1, Math.min(bounds.width, Math.round(width * scale))),
    height: Math.max(1, Math.min(bounds.height, Math.round(height * scale))),
  };
}
