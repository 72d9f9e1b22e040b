import type { RgbImage, Size } from '@camfleet/domain';
import { FACE_DETECTOR } from '../models/catalogue';
import { sampleRegion } from './sample-region';

const [, , INPUT_HEIGHT, INPUT_WIDTH] = FACE_DETECTOR.input.shape;
const PLANE = INPUT_WIDTH * INPUT_HEIGHT;
/** What the detector was taught with: (x - 127) / 128. The bars are grey, which is 0. */
const MEAN = 127;
const SCALE = 1 / 128;

export const DETECTOR_INPUT: Size = { width: INPUT_WIDTH, height: INPUT_HEIGHT };

/** The largest size of a picture's shape that the detector takes without bars on both axes, in whole pixels. */
export function fitDetector({ width, height }: Size): Size {
  const scale = Math.min(INPUT_WIDTH / width, INPUT_HEIGHT / height);
  return {
    width: Math.max(1, Math.min(INPUT_WIDTH, Math.round(width * scale))),
    height: Math.max(1, Math.min(INPUT_HEIGHT, Math.round(height * scale))),
  };
}

/**
 * Puts a picture into the upper left corner of the detector's input, planes R, G, B. One that `fitDetector`
 * made is taken as it is; any other is scaled first.
 * @param tensor 3 x 240 x 320 numbers
 * @returns the size that the picture has in it
 */
export function letterbox(image: RgbImage, tensor: Float32Array): Size {
  const size = fitDetector(image);
  const fits = size.width === image.width && size.height === image.height;
  const whole = { x: 0, y: 0, width: image.width, height: image.height };
  const { data, width, height } = fits ? image : sampleRegion(image, whole, size);
  if (width < INPUT_WIDTH || height < INPUT_HEIGHT) tensor.fill(0);
  let from = 0;
  for (let y = 0; y < height; y += 1) {
    const row = y * INPUT_WIDTH;
    for (let to = row; to < row + width; to += 1) {
      tensor[to] = ((data[from] ?? 0) - MEAN) * SCALE;
      tensor[to + PLANE] = ((data[from + 1] ?? 0) - MEAN) * SCALE;
      tensor[to + 2 * PLANE] = ((data[from + 2] ?? 0) - MEAN) * SCALE;
      from += 3;
    }
  }
  return { width, height };
}
