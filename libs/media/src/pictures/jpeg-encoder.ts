import {
  AV_CODEC_FLAG_QSCALE,
  AV_CODEC_ID_MJPEG,
  AV_PIX_FMT_YUVJ420P,
  Codec,
  CodecContext,
  FF_QP2LAMBDA,
  FFmpegError,
  Packet,
  Rational,
} from 'node-av';
import type { Size } from '@camfleet/domain';
import type { YuvPicture } from './yuv-picture';

export interface JpegOptions {
  /** FFmpeg's quantiser scale: 2 (best) to 31. Default 5: 640 x 360 takes about 15 KB. */
  qscale?: number;
}

const DEFAULT_QSCALE = 5;
/** Four variants and a slate. */
const MAX_ENCODERS = 5;

/**
 * Encodes scaled pictures as JPEG, off the event loop, without a way round by RGB. Keeps the encoders of the
 * five sizes that were used last. One call at a time.
 */
export class JpegEncoder {
  private readonly contexts = new Map<string, CodecContext>();
  private count = 0n;

  async encode(picture: YuvPicture, { qscale = DEFAULT_QSCALE }: JpegOptions = {}): Promise<Buffer> {
    const context = await this.contextFor(picture.size);
    const { native } = picture;
    this.count += 1n;
    native.pts = this.count;
    native.quality = Math.round(Math.min(31, Math.max(2, qscale)) * FF_QP2LAMBDA);
    FFmpegError.throwIfError(await context.sendFrame(native), 'sendFrame');
    using packet = new Packet();
    packet.alloc();
    FFmpegError.throwIfError(context.receivePacketSync(packet), 'receivePacket');
    return Buffer.from(packet.data ?? []);
  }

  close(): void {
    for (const context of this.contexts.values()) context.freeContext();
    this.contexts.clear();
  }

  private async contextFor(size: Size): Promise<CodecContext> {
    const key = `${size.width}x${size.height}`;
    const known = this.contexts.get(key);
    if (known) {
      this.contexts.delete(key);
      this.contexts.set(key, known);
      return known;
    }
    for (const [oldest, unused] of this.contexts) {
      if (this.contexts.size < MAX_ENCODERS) break;
      unused.freeContext();
      this.contexts.delete(oldest);
    }
    const context = await openEncoder(size);
    this.contexts.set(key, context);
    return context;
  }
}

async function openEncoder({ width, height }: Size): Promise<CodecContext> {
  const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG);
  if (!codec) throw new Error('this FFmpeg has no MJPEG encoder');
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUVJ420P;
  context.timeBase = new Rational(1, 25);
  context.threadCount = 1;
  context.setFlags(AV_CODEC_FLAG_QSCALE);
  FFmpegError.throwIfError(await context.open2(codec, null), 'open2');
  return context;
}
