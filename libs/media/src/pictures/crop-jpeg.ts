import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUVJ420P,
  FFmpegError,
  SoftwareScaleContext,
  SWS_AREA,
  SWS_BILINEAR,
} from 'node-av';
import type { Box, PixelRect, RgbImage, Size } from '@camfleet/domain';
import { JpegEncoder } from './jpeg-encoder';
import { YuvPicture } from './yuv-picture';

export interface CropOptions {
  /** The side of what is cut out, in sides of the box. */
  margin: number;
  /** A larger cutting is reduced to this longer side. */
  maxSide: number;
}

/** The surroundings of a box, as far as the picture goes, as a JPEG. */
export async function cropJpeg(picture: RgbImage, box: Box, options: CropOptions): Promise<Buffer> {
  const rect = surroundings(picture, box, options.margin);
  const shrink = Math.min(1, options.maxSide / Math.max(rect.width, rect.height));
  using cut = scaled(picture, rect, { width: even(rect.width * shrink), height: even(rect.height * shrink) });
  const encoder = new JpegEncoder();
  try {
    return await encoder.encode(cut, { qscale: 3 });
  } finally {
    encoder.close();
  }
}

const even = (value: number) => Math.max(2, 2 * Math.round(value / 2));

function surroundings(picture: Size, [x, y, width, height]: Box, margin: number): PixelRect {
  const side = margin * Math.max(width * picture.width, height * picture.height);
  const centreX = (x + width / 2) * picture.width;
  const centreY = (y + height / 2) * picture.height;
  const left = Math.min(picture.width - 1, Math.max(0, Math.round(centreX - side / 2)));
  const top = Math.min(picture.height - 1, Math.max(0, Math.round(centreY - side / 2)));
  const right = Math.min(picture.width, Math.round(centreX + side / 2));
  const bottom = Math.min(picture.height, Math.round(centreY + side / 2));
  return { x: left, y: top, width: Math.max(1, right - left), height: Math.max(1, bottom - top) };
}

/** The caller disposes of it. */
function scaled({ data, width: rowPixels }: RgbImage, rect: PixelRect, size: Size): YuvPicture {
  const picture = YuvPicture.allocate(size);
  using context = new SoftwareScaleContext();
  const flags = size.width < rect.width ? SWS_AREA : SWS_BILINEAR;
  const { width, height } = rect;
  context.getContext(width, height, AV_PIX_FMT_RGB24, size.width, size.height, AV_PIX_FMT_YUVJ420P, flags);
  const source = Buffer.from(data.buffer, data.byteOffset, data.byteLength).subarray(
    (rect.y * rowPixels + rect.x) * 3,
  );
  const planes = picture.planes();
  const code = context.scaleSync(
    [source],
    [rowPixels * 3],
    0,
    height,
    planes.map((plane) => plane.data),
    planes.map((plane) => plane.stride),
  );
  FFmpegError.throwIfError(code, 'scale');
  return picture;
}
