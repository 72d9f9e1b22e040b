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

function rotatePlane(from: YuvPlane, to: YuvPlane, rotation: Rotation): void {
  const { width, height } = from;
  const [startX, startY] = turn(0, 0, { width, height, rotation });
  const [nextX, nextY] = turn(1, 0, { width, height, rotation });
  const [belowX, belowY] = turn(0, 1, { width, height, rotation });
  const start = startY * to.stride + startX;
  const perColumn = (nextY - startY) * to.stride + nextX - startX;
  const perRow = (belowY - startY) * to.stride + belowX - startX;
  for (let y = 0; y < height; y += 1) {
    let target = start + y * perRow;
    const row = y * from.stride;
    for (let x = 0; x < width; x += 1) {
      to.data[target] = from.data[row + x] ?? 0;
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
    if (target) rotatePlane(plane, target, rotation);
  }
  picture[Symbol.dispose]();
  return turned;
}

/** The image turned clockwise. */
export function rotateRgb(image: RgbImage, rotation: Rotation): RgbImage {
  if (rotation === 0) return image;
  const { width, height } = image;
  const swapped = rotation !== 180;
  const turned = swapped ? { width: height, height: width } : { width, height };
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [toX, toY] = turn(x, y, { width, height, rotation });
      const from = (y * width + x) * 3;
      data.set(image.data.subarray(from, from + 3), (toY * turned.width + toX) * 3);
    }
  }
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
