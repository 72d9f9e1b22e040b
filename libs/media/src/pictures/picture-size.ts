import type { Size } from '@camfleet/domain';

const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

/** The size with this width at most (pixels; 0: the picture's own), same shape, sides even, never enlarged. */
export function fitWidth({ width, height }: Size, maxWidth: number): Size {
  const target = maxWidth === 0 ? width : Math.min(maxWidth, width);
  return { width: even(target), height: even((height * target) / width) };
}
