import {
  decodeJpeg,
  fitWidth,
  JpegEncoder,
  paintSlate,
  paintSlateOver,
  PictureScaler,
} from '@camfleet/media';

export interface SlateJpegOptions {
  /** The last picture of the camera, if there was one. */
  last: Buffer | undefined;
  lines: readonly string[];
  /** Pixels; 0: that of the last picture. */
  width: number;
}

const DEFAULT_WIDTH = 640;

/** A still that says why there is no picture: over the dimmed last one, or over darkness in 16:9. */
export async function slateJpeg({ last, lines, width }: SlateJpegOptions): Promise<Buffer> {
  const encoder = new JpegEncoder();
  const scaler = new PictureScaler();
  const frame = last && (await decodeJpeg(last).catch(() => undefined));
  try {
    if (!frame) {
      const size = fitWidth({ width: 1920, height: 1080 }, width || DEFAULT_WIDTH);
      using dark = paintSlate({ size, lines });
      return await encoder.encode(dark);
    }
    using picture = await scaler.toYuv(frame, fitWidth(frame.display, width));
    paintSlateOver(picture, lines);
    return await encoder.encode(picture);
  } finally {
    frame?.release();
    scaler.close();
    encoder.close();
  }
}
