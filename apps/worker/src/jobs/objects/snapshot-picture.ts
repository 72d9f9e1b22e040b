import { type Box, fitWithin, type PixelRect, type RgbImage, type Size } from '@camfleet/domain';
import { cropJpeg, letterbox } from '@camfleet/media';
import { sharpnessOf } from '@camfleet/vision';
import type { RecordedFrame } from '../tracks/recorded-frame';

/** Classifiers of the second stage take nothing else. */
const SNAPSHOT_SIDE = 640;
/** Sharpness is compared at one size, whatever the object's own. */
const LOOK_SIDE = 128;

/** How sharp what the box holds is, 0 to 1. */
export async function sharpnessIn(frame: RecordedFrame, box: Box): Promise<number> {
  const { data } = await frame.cutRegion(pixelsOf(box, frame.size), { width: LOOK_SIDE, height: LOOK_SIDE });
  const grey = new Float32Array(LOOK_SIDE * LOOK_SIDE);
  // ITU-R BT.601, as the quality of faces.
  for (let at = 0; at < grey.length; at += 1)
    grey[at] =
      (0.299 * (data[3 * at] ?? 0) + 0.587 * (data[3 * at + 1] ?? 0) + 0.114 * (data[3 * at + 2] ?? 0)) / 255;
  return sharpnessOf(grey, LOOK_SIDE);
}

/** What the box holds, as large as the snapshot shows it. */
export function cutOut(frame: RecordedFrame, box: Box): Promise<RgbImage> {
  const rect = pixelsOf(box, frame.size);
  return frame.cutRegion(rect, fitWithin(rect, { width: SNAPSHOT_SIDE, height: SNAPSHOT_SIDE }));
}

/** Exactly 640 x 640, the same bytes for the same pixels. */
export function snapshotJpeg(cut: RgbImage): Promise<Buffer> {
  const whole: Box = [0, 0, 1, 1];
  return cropJpeg(letterbox(cut, SNAPSHOT_SIDE), whole, { margin: 1, maxSide: SNAPSHOT_SIDE });
}

/** Inside the frame, with even corner and sides, as chroma planes want it. */
function pixelsOf([x, y, width, height]: Box, frame: Size): PixelRect {
  const along = (start: number, length: number, limit: number) => {
    const from = Math.min(limit - 2, Math.max(0, 2 * Math.floor((start * limit) / 2)));
    const to = Math.min(limit, Math.max(from + 2, 2 * Math.ceil(((start + length) * limit) / 2)));
    return { from, length: to - from };
  };
  const [across, down] = [along(x, width, frame.width), along(y, height, frame.height)];
  return { x: across.from, y: down.from, width: across.length, height: down.length };
}
