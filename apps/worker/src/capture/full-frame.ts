import type { PixelRect, RgbImage, Size } from '@camfleet/domain';
import { JpegEncoder, type JpegOptions, PictureScaler, type VideoFrame } from '@camfleet/media';

/**
 * The full picture of which the analysis saw a small one: faces are cut out of it. It holds a decoder's buffer,
 * and a camera lends two at most: `release()` as soon as the cuts are made.
 */
export class FullFrame {
  readonly captureTimeMs: number;
  /** Upright pixels with square shape: what rectangles are given in. */
  readonly size: Size;
  private released = false;

  constructor(
    private readonly frame: VideoFrame,
    private readonly onRelease: () => void,
  ) {
    frame.retain();
    this.captureTimeMs = frame.captureTimeMs;
    this.size = frame.display;
  }

  /** The rectangle in this size, RGB; what lies outside of the frame is black. */
  async cutRegion(rect: PixelRect, size: Size): Promise<RgbImage> {
    const scaler = new PictureScaler();
    try {
      return await scaler.cutRegion(this.frame, rect, size);
    } finally {
      scaler.close();
    }
  }

  /** The rectangle as JPEG, at most `maxWidth` wide (0: unscaled), cut to the frame. */
  async cropJpeg(rect: PixelRect, options: JpegOptions & { maxWidth: number }): Promise<Buffer> {
    const scaler = new PictureScaler();
    const encoder = new JpegEncoder();
    try {
      using picture = await scaler.cropYuv(this.frame, rect, options.maxWidth);
      return await encoder.encode(picture, options);
    } finally {
      scaler.close();
      encoder.close();
    }
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    this.frame.release();
    this.onRelease();
  }
}
