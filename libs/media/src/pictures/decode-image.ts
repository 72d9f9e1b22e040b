import {
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_PNG,
  AV_CODEC_ID_WEBP,
  AV_PIX_FMT_RGB24,
  AV_PKT_FLAG_KEY,
  type AVCodecID,
  Codec,
  CodecContext,
  Dictionary,
  FFmpegError,
  Frame,
  Packet,
  SoftwareScaleContext,
  SWS_AREA,
  SWS_BILINEAR,
} from 'node-av';
import type { RgbImage, Size } from '@camfleet/domain';
import { VideoFrame } from '../decoding/video-frame';
import { isReasonableSize, MAX_PICTURE_PIXELS } from '../decoding/limits';
import { type ImageKind, readImageHeader } from './image-header';
import { rotateRgb, mirrorRgb } from './rotate';
import { formatOf } from './scale-contexts';
import type { Rotation } from '../sources/media-source';

const CODECS: Record<ImageKind, AVCodecID> = {
  jpeg: AV_CODEC_ID_MJPEG,
  png: AV_CODEC_ID_PNG,
  webp: AV_CODEC_ID_WEBP,
};

/** Turn and mirroring by EXIF orientation (EXIF 2.32, 4.6.4); 1 and what is unknown need none. */
const ORIENTATIONS: Record<number, { rotation: Rotation; mirrored: boolean }> = {
  2: { rotation: 0, mirrored: true },
  3: { rotation: 180, mirrored: false },
  4: { rotation: 180, mirrored: true },
  5: { rotation: 90, mirrored: true },
  6: { rotation: 90, mirrored: false },
  7: { rotation: 270, mirrored: true },
  8: { rotation: 270, mirrored: false },
};

export class ImageError extends Error {
  override readonly name = 'ImageError';

  constructor(
    readonly code: 'IMAGE_UNSUPPORTED' | 'IMAGE_TOO_LARGE' | 'IMAGE_BROKEN',
    message: string,
  ) {
    super(message);
  }
}

export interface DecodeImageOptions {
  /** A larger picture comes back reduced to this longer side. Default 1920. */
  maxSide?: number;
  /** Refused beyond: decided by the header, before anything is decoded. Default 8192 x 4320. */
  maxPixels?: number;
}

/**
 * Decodes a JPEG, PNG or WebP, upright by its EXIF orientation.
 * @throws ImageError
 */
export async function decodeImage(image: Buffer, options: DecodeImageOptions = {}): Promise<RgbImage> {
  const { maxSide = 1920, maxPixels = MAX_PICTURE_PIXELS } = options;
  const header = readImageHeader(image);
  if (!header) throw new ImageError('IMAGE_UNSUPPORTED', 'This is no JPEG, PNG or WebP picture.');
  if (!isReasonableSize(header) || header.width * header.height > maxPixels) {
    throw new ImageError('IMAGE_TOO_LARGE', `A picture of ${header.width} x ${header.height} is too large.`);
  }
  const frame = await decodeFrame(image, CODECS[header.kind], { whole: true });
  try {
    const upright = toRgb(frame, maxSide);
    const { rotation, mirrored } = ORIENTATIONS[header.orientation] ?? { rotation: 0, mirrored: false };
    const turned = rotateRgb(upright, rotation);
    return mirrored ? mirrorRgb(turned) : turned;
  } finally {
    frame.free();
  }
}

/** The picture as FFmpeg's frame; the caller frees it. @throws ImageError `IMAGE_BROKEN` */
async function decodeFrame(image: Buffer, codecId: AVCodecID, { whole = false } = {}): Promise<Frame> {
  const codec = Codec.findDecoder(codecId);
  using context = new CodecContext();
  context.allocContext3(codec);
  context.threadCount = 1;
  using settings = Dictionary.fromObject({
    max_pixels: MAX_PICTURE_PIXELS,
    // A picture whose end is missing is grey from there on and else no error.
    ...(whole && { err_detect: 'explode' }),
  });
  FFmpegError.throwIfError(await context.open2(codec, settings), 'open2');
  using packet = new Packet();
  packet.alloc();
  packet.data = image;
  packet.flags = AV_PKT_FLAG_KEY;
  const frame = new Frame();
  frame.alloc();
  const sent = await context.sendPacket(packet);
  if (sent >= 0 && context.receiveFrameSync(frame) >= 0) return frame;
  await context.sendPacket(null);
  if (context.receiveFrameSync(frame) >= 0) return frame;
  frame.free();
  throw new ImageError('IMAGE_BROKEN', 'The picture cannot be decoded.');
}

function toRgb(frame: Frame, maxSide: number): RgbImage {
  const shrink = Math.min(1, maxSide / Math.max(frame.width, frame.height));
  const size: Size = {
    width: Math.max(1, Math.round(frame.width * shrink)),
    height: Math.max(1, Math.round(frame.height * shrink)),
  };
  using context = new SoftwareScaleContext();
  const flags = shrink < 1 ? SWS_AREA : SWS_BILINEAR;
  context.getContext(
    frame.width,
    frame.height,
    formatOf(frame),
    size.width,
    size.height,
    AV_PIX_FMT_RGB24,
    flags,
  );
  const bytes = size.width * size.height * 3;
  const data = Buffer.allocUnsafeSlow(bytes + 64);
  const planes = frame.data ?? [];
  const code = context.scaleSync(
    planes,
    frame.linesize.slice(0, planes.length),
    0,
    frame.height,
    [data],
    [size.width * 3],
  );
  FFmpegError.throwIfError(code, 'scale');
  return { data: data.subarray(0, bytes), ...size };
}

/** A JPEG as a frame, to be scaled and drawn on; the caller releases it. @throws ImageError `IMAGE_BROKEN` */
export async function decodeJpeg(jpeg: Buffer): Promise<VideoFrame> {
  const frame = await decodeFrame(jpeg, AV_CODEC_ID_MJPEG);
  return new VideoFrame({ frame, captureTimeMs: 0, rotation: 0 });
}
