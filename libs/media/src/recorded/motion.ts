import type { VideoFrame } from '../decoding/video-frame';
import type { PictureScaler } from '../pictures/picture-scaler';

/** A face across the street still covers some of its pixels; noise is averaged away. */
const SMALL = { width: 64, height: 36 };

/** A grey copy of the picture, small enough to compare. */
export async function smallGrey(scaler: PictureScaler, picture: VideoFrame): Promise<Uint8Array> {
  using small = await scaler.toYuv(picture, SMALL);
  const [luma] = small.planes();
  const grey = new Uint8Array(SMALL.width * SMALL.height);
  for (let y = 0; y < SMALL.height; y += 1) {
    grey.set(luma.data.subarray(y * luma.stride, y * luma.stride + SMALL.width), y * SMALL.width);
  }
  return grey;
}

/** The mean difference, 0 to 1. */
export function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += Math.abs((a[i] ?? 0) - (b[i] ?? 0));
  return sum / (255 * Math.max(1, a.length));
}
