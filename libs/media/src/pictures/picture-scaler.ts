import {
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUVJ420P,
  FFmpegError,
  type Frame,
  SoftwareScaleContext,
  SWS_ACCURATE_RND,
  SWS_AREA,
  SWS_BILINEAR,
  type SwsFlags,
} from 'node-av';
import type { PixelRect, RgbImage, Size } from '@camfleet/domain';
import type { VideoFrame, VideoPicture } from '../decoding/video-frame';
import { fitWidth } from './picture-size';
import { planesFrom } from './plane-layout';
import { visibleRegion } from './region';
import { rotateRgb, rotateYuv } from './rotate';
import { formatOf, ScaleContexts } from './scale-contexts';
import { YuvPicture } from './yuv-picture';

/** swscale's vector code may write a little beyond the last row. */
const OVERRUN_BYTES = 64;

const swap = ({ width, height }: Size): Size => ({ width: height, height: width });

function black({ width, height }: Size): RgbImage {
  return { data: new Uint8Array(width * height * 3), width, height };
}

/**
 * Scales pictures of one camera. Not shared between cameras. Outputs are upright and have square pixels,
 * whatever the camera's rotation and pixel shape.
 */
export class PictureScaler {
  private readonly contexts = new ScaleContexts();

  /** The frame in this size (see `fitWidth`), off the event loop; the caller disposes of it. */
  async toYuv(frame: VideoFrame, size: Size): Promise<YuvPicture> {
    const coded = frame.rotation % 180 === 0 ? size : swap(size);
    return rotateYuv(await this.scale(frame.native, coded), frame.rotation);
  }

  /** A smaller copy of a scaled picture; the caller disposes of it. */
  shrink(picture: YuvPicture, size: Size): Promise<YuvPicture> {
    return this.scale(picture.native, size);
  }

  /** RGB for a detector. A fifth of a millisecond at 320 wide: no hop to another thread pays. */
  toRgb(picture: YuvPicture, size: Size): RgbImage {
    const context = this.contexts.get(
      { ...picture.size, format: AV_PIX_FMT_YUVJ420P },
      { ...size, format: AV_PIX_FMT_RGB24 },
    );
    const { data, linesize } = picture.native;
    return convert(context, { data: data ?? [], linesize, height: picture.size.height }, size);
  }

  /**
   * The part `rect` (pixels of the display) of a full frame as an RGB picture of this size, for models. Only that
   * part is converted. What lies outside of the frame is black.
   */
  async cutRegion(frame: VideoPicture, rect: PixelRect, size: Size): Promise<RgbImage> {
    const region = visibleRegion(frame, rect, size);
    if (!region) return black(size);
    const { native } = frame;
    const format = formatOf(native);
    const planes = planesFrom({ format, data: native.data ?? [], linesize: native.linesize }, region.source);
    if (!planes) return this.cutConverted(frame, rect, size);
    const { source, target } = region;
    const context = new SoftwareScaleContext();
    context.getContext(
      source.width,
      source.height,
      format,
      target.width,
      target.height,
      AV_PIX_FMT_RGB24,
      cutFlags(source, target),
    );
    const cut = convert(context, { data: planes, linesize: native.linesize, height: source.height }, target);
    context.freeContext();
    return rotateRgb(paste(cut, target, region.size), frame.rotation);
  }

  /**
   * The part `rect` (pixels of the display) of a full frame, at most `maxWidth` wide (0: unscaled), for stills of
   * a face or an object. Cut to the frame. The caller disposes of it.
   */
  async cropYuv(frame: VideoFrame, rect: PixelRect, maxWidth: number): Promise<YuvPicture> {
    using whole = await this.toYuv(frame, fitWidth(frame.display, 0));
    const bounded = clip(rect, whole.size);
    const planes = planesFrom(
      { format: AV_PIX_FMT_YUVJ420P, data: whole.native.data ?? [], linesize: whole.native.linesize },
      bounded,
    );
    const size = fitWidth(bounded, maxWidth);
    const picture = YuvPicture.allocate(size);
    using context = new SoftwareScaleContext();
    context.getContext(
      bounded.width,
      bounded.height,
      AV_PIX_FMT_YUVJ420P,
      size.width,
      size.height,
      AV_PIX_FMT_YUVJ420P,
      SWS_AREA,
    );
    const code = context.scaleSync(
      planes ?? [],
      whole.native.linesize.slice(0, 3),
      0,
      bounded.height,
      picture.native.data ?? [],
      picture.native.linesize.slice(0, 3),
    );
    if (code < 0) picture[Symbol.dispose]();
    FFmpegError.throwIfError(code, 'scale');
    return picture;
  }

  close(): void {
    this.contexts.close();
  }

  /** For the rare pixel formats: the whole frame in 4:2:0 first. */
  private async cutConverted(frame: VideoPicture, rect: PixelRect, size: Size): Promise<RgbImage> {
    const even = { width: frame.coded.width & ~1 || 2, height: frame.coded.height & ~1 || 2 };
    using picture = await this.scale(frame.native, even);
    const { rotation, display } = frame;
    return await this.cutRegion({ native: picture.native, coded: even, rotation, display }, rect, size);
  }

  private async scale(native: Frame, size: Size): Promise<YuvPicture> {
    const picture = YuvPicture.allocate(size);
    const from = { width: native.width, height: native.height, format: formatOf(native) };
    const context = this.contexts.get(from, { ...size, format: AV_PIX_FMT_YUVJ420P });
    const code = await context.scaleFrame(picture.native, native);
    if (code < 0) picture[Symbol.dispose]();
    FFmpegError.throwIfError(code, 'scaleFrame');
    return picture;
  }
}

/** The part of `rect` inside the picture, with even corner and sides of at least 2. */
function clip({ x, y, width, height }: PixelRect, { width: right, height: bottom }: Size): PixelRect {
  const left = Math.min(Math.max(0, Math.floor(x / 2) * 2), right - 2);
  const top = Math.min(Math.max(0, Math.floor(y / 2) * 2), bottom - 2);
  const even = (end: number, start: number) => Math.max(2, Math.floor((end - start) / 2) * 2);
  return {
    x: left,
    y: top,
    width: even(Math.min(right, x + width), left),
    height: even(Math.min(bottom, y + height), top),
  };
}

interface Source {
  data: Buffer[];
  linesize: number[];
  height: number;
}

function convert(context: SoftwareScaleContext, from: Source, { width, height }: Size): RgbImage {
  const bytes = width * height * 3;
  const target = Buffer.allocUnsafeSlow(bytes + OVERRUN_BYTES);
  const strides = from.linesize.slice(0, from.data.length);
  const code = context.scaleSync(from.data, strides, 0, from.height, [target], [width * 3]);
  FFmpegError.throwIfError(code, 'scale');
  return { data: target.subarray(0, bytes), width, height };
}

/** Unscaled, swscale's short cut leaves the last columns of a width that is no multiple of 8 as the memory was: not so the exact way. */
function cutFlags(from: Size, to: Size): SwsFlags {
  if (from.width === to.width && from.height === to.height) return SWS_ACCURATE_RND;
  return to.width < from.width ? SWS_AREA : SWS_BILINEAR;
}

function paste(cut: RgbImage, { x, y }: PixelRect, size: Size): RgbImage {
  if (cut.width === size.width && cut.height === size.height) return cut;
  const whole = black(size);
  for (let row = 0; row < cut.height; row += 1) {
    const line = cut.data.subarray(row * cut.width * 3, (row + 1) * cut.width * 3);
    whole.data.set(line, ((y + row) * size.width + x) * 3);
  }
  return whole;
}
