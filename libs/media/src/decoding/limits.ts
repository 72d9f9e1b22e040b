import type { Size } from '@camfleet/domain';
import { sourceError } from '../sources/source-failure';

/** 8192 x 4320: one frame of it takes 53 MB. Larger pictures are refused before anything is allocated. */
export const MAX_PICTURE_PIXELS = 8192 * 4320;
const MAX_SIDE_PIXELS = 16_384;

/** False for pictures without area and for those that would take too much memory. */
export function isReasonableSize({ width, height }: Size): boolean {
  if (width < 1 || height < 1 || width > MAX_SIDE_PIXELS || height > MAX_SIDE_PIXELS) return false;
  return width * height <= MAX_PICTURE_PIXELS;
}

/** @throws SourceError `SOURCE_UNSUPPORTED`; a size of 0 (not known yet) passes. */
export function refuseAbsurdSize(size: Size): void {
  if (size.width === 0 && size.height === 0) return;
  if (isReasonableSize(size)) return;
  throw sourceError('SOURCE_UNSUPPORTED', `A picture of ${size.width} x ${size.height} is too large.`);
}
