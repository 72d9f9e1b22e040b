import type { RgbImage } from '@camfleet/domain';
import type { Rotation } from '../sources/media-source';
import { type YuvPlane, YuvPicture } from './yuv-picture';

/** Where the pixel at x, y of a picture of this size comes to lie when it is turned clockwise. */
function turn(
  x: number,
  y: number,
  plane: { width: number; height: number; rotation: Rotation },
): [number, number] {
  const { width, height, rotation } = plane;
  if (rotation === 90) return [height - 1 - y, x];
  if (rotation === 180) return [width - 1 - x, height - 1 - y];
  if (rotation === 270) return [y, width - 1 - x];
  return [x, y];
}

type Plane = Omit<YuvPlane, 'data'> & { data: Uint8Array };

/** @param channels bytes of a pixel */
function rotatePlane(
  from: Plane,
  to: Pick<Plane, 'data' | 'stride'>,
  { rotation, channels }: { rotation: Rotation; channels: number },
): void {
  const { width, height } = from;
  const at = (x: number, y: number) => {
    const [toX, toY] = turn(x, y, { width, height, rotation });
    return toY * to.stride + toX * channels;
  };
  const start = at(0, 0);
  const perColumn = at(1, 0) - start;
  const perRow = at(0, 1) - start;
  for (let y = 0; y < height; y += 1) {
    let target = start + y * perRow;
    let source = y * from.stride;
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < channels; channel += 1)
        to.data[target + channel] = from.data[source + channel] ?? 0;
      source += channels;
      target += perColumn;
    }
  }
}

/** The picture turned clockwise, which replaces the given one. */
export function rotateYuv(picture: YuvPicture, rotation: Rotation): YuvPicture {
  if (rotation === 0) return picture;
  const { width, height } = picture.size;
  const turned = YuvPicture.allocate(rotation === 180 ? picture.size : { width: height, height: width });
  const to = turned.planes();
  for (const [index, plane] of picture.planes().entries()) {
    const target = to[index];
    if (target) rotatePlane(plane, target, { rotation, channels: 1 });
  }
  picture[Symbol.dispose]();
  return turned;
}

/** The image turned clockwise. */
export function rotateRgb(image: RgbImage, rotation: Rotation): RgbImage {
  if (rotation === 0) return image;
  const { width, height } = image;
  const turned = rotation === 180 ? { width, height } : { width: height, height: width };
  const data = new Uint8Array(width * height * 3);
  const from = { ...image, stride: width * 3 };
  rotatePlane(from, { data, stride: turned.width * 3 }, { rotation, channels: 3 });
  return { data, ...turned };
}

/** The image mirrored left to right. */
export function mirrorRgb({ data, width, height }: RgbImage): RgbImage {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = (y * width + x) * 3;
      mirrored.set(data.subarray(from, from + 3), (y * width + width - 1 - x) * 3);
    }
  }
  return { data: mirrored, width, height };
}
