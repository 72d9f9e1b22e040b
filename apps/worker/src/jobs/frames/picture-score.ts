import type { YuvPicture } from '@camfleet/media';

/** Of all pixels, so many black or white are still a picture. */
const TOLERATED_CLIPPING = 0.1;
const BLACK = 8;
const WHITE = 247;

/**
 * How good a still the picture makes, more is better: its sharpness (the mean square of the Laplacian of the luma),
 * less where it is dark, glaring, or without contrast.
 */
export function pictureScore(picture: YuvPicture): number {
  const [{ data, stride, width, height }] = picture.planes();
  let edges = 0;
  let sum = 0;
  let squares = 0;
  let clipped = 0;
  let count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * stride + x;
      const luma = data[at] ?? 0;
      const around =
        (data[at - 1] ?? 0) + (data[at + 1] ?? 0) + (data[at - stride] ?? 0) + (data[at + stride] ?? 0);
      edges += (around - 4 * luma) ** 2;
      sum += luma;
      squares += luma * luma;
      if (luma < BLACK || luma > WHITE) clipped += 1;
      count += 1;
    }
  }
  if (count === 0) return 0;
  const mean = sum / count;
  const contrast = Math.sqrt(Math.max(0, squares / count - mean * mean));
  const exposure = 1 - Math.abs(mean - 128) / 128;
  const unclipped = 1 - Math.max(0, clipped / count - TOLERATED_CLIPPING);
  return (edges / count) * exposure * unclipped * Math.min(1, contrast / 32);
}
