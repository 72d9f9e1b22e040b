import type { PixelRect, RgbImage, Size } from '@camfleet/domain';

interface Span {
  first: number;
  last: number;
  position: number;
}

/**
 * A rectangle of a picture in another size; what lies outside of the picture is black. Where it shrinks, each
 * pixel is the mean of those it covers, so that no detail aliases; where it grows, bilinear.
 */
export function sampleRegion(image: RgbImage, rect: PixelRect, size: Size): RgbImage {
  const { width, height } = size;
  const data = new Uint8Array(width * height * 3);
  const columns = spans(rect.x, rect.width / width, width);
  const rows = spans(rect.y, rect.height / height, height);
  const mean = rect.width >= width && rect.height >= height ? boxMean : bilinear;
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      mean(image, { row, column, data, at });
      at += 3;
    }
  }
  return { data, width, height };
}

function spans(origin: number, step: number, count: number): Span[] {
  return Array.from({ length: count }, (_, index) => {
    const first = Math.floor(origin + index * step);
    const last = Math.max(first + 1, Math.floor(origin + (index + 1) * step));
    return { first, last, position: origin + (index + 0.5) * step - 0.5 };
  });
}

interface Target {
  row: Span;
  column: Span;
  data: Uint8Array;
  at: number;
}

function boxMean({ data: source, width, height }: RgbImage, { row, column, data, at }: Target): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = Math.max(0, row.first); y < Math.min(height, row.last); y += 1) {
    for (let x = Math.max(0, column.first); x < Math.min(width, column.last); x += 1) {
      const from = (y * width + x) * 3;
      red += source[from] ?? 0;
      green += source[from + 1] ?? 0;
      blue += source[from + 2] ?? 0;
    }
  }
  const count = (row.last - row.first) * (column.last - column.first);
  data[at] = red / count + 0.5;
  data[at + 1] = green / count + 0.5;
  data[at + 2] = blue / count + 0.5;
}

function bilinear({ data: source, width, height }: RgbImage, { row, column, data, at }: Target): void {
  const x = Math.floor(column.position);
  const y = Math.floor(row.position);
  const right = column.position - x;
  const below = row.position - y;
  for (let channel = 0; channel < 3; channel += 1) {
    const pixel = (px: number, py: number) =>
      px < 0 || py < 0 || px >= width || py >= height ? 0 : (source[(py * width + px) * 3 + channel] ?? 0);
    const top = pixel(x, y) * (1 - right) + pixel(x + 1, y) * right;
    const bottom = pixel(x, y + 1) * (1 - right) + pixel(x + 1, y + 1) * right;
    data[at + channel] = top * (1 - below) + bottom * below + 0.5;
  }
}
