import type { PixelRect, RgbImage, Size } from '@camfleet/domain';

/** A sampled frame, for as long as it is looked at. */
export interface RecordedFrame {
  /** From the first frame of the video, whole ms. */
  timestampMs: number;
  /** Upright, square pixels. */
  size: Size;
  /** A part of it in this size; black where there is no picture. */
  cutRegion(rect: PixelRect, size: Size): Promise<RgbImage>;
}

/** A track that is seen for less was an accident of the detector: as long as a live camera takes to be sure. */
export const MIN_TRACK_MS = 400;
