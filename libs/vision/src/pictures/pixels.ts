import type { RgbImage } from '@camfleet/domain';

/** Red, green and blue at a place between pixels, bilinear; beyond the picture it is black. */
export function readPixel(
  { data, width, height }: RgbImage,
  { x, y }: { x: number; y: number },
  pixel: Float32Array,
): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  if (left < -1 || top < -1 || left >= width || top >= height) {
    pixel.fill(0);
    return;
  }
  const right = x - left;
  const below = y - top;
  const at = (top * width + left) * 3;
  const down = at + width * 3;
  if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
    for (let channel = 0; channel < 3; channel += 1) {
      const upper = (1 - right) * (data[at + channel] ?? 0) + right * (data[at + 3 + channel] ?? 0);
      const lower = (1 - right) * (data[down + channel] ?? 0) + right * (data[down + 3 + channel] ?? 0);
      pixel[channel] = (1 - below) * upper + below * lower;
    }
    return;
  }
  const hasLeft = left >= 0;
  const hasRight = left + 1 < width;
  const hasTop = top >= 0;
  const hasBottom = top + 1 < height;
  const topLeft = hasLeft && hasTop ? (1 - right) * (1 - below) : 0;
  const topRight = hasRight && hasTop ? right * (1 - below) : 0;
  const bottomLeft = hasLeft && hasBottom ? (1 - right) * below : 0;
  const bottomRight = hasRight && hasBottom ? right * below : 0;
  for (let channel = 0; channel < 3; channel += 1) {
    pixel[channel] =
      topLeft * (data[at + channel] ?? 0) +
      topRight * (data[at + 3 + channel] ?? 0) +
      bottomLeft * (data[down + channel] ?? 0) +
      bottomRight * (data[down + 3 + channel] ?? 0);
  }
}
