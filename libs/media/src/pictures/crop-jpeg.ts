import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUVJ420P,
  FFmpegError,
  SoftwareScaleContext,
  SWS_AREA,
  SWS_BILINEAR,
} from 'node-av';
import { type Box, type PixelRect, type RgbImage, type Size, squareAround } from '@camfleet/domain';
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
  const square = squareAround(box, picture, options.margin);
  const rect = {
    ...square,
    width: Math.min(square.width, picture.width - square.x),
    height: Math.min(square.height, picture.height - square.y),
  };
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
