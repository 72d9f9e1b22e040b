import {
  AV_CODEC_ID_MJPEG,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUVJ422P,
  AV_PKT_FLAG_KEY,
  Codec,
  CodecContext,
  FFmpegError,
  Frame,
  Packet,
  SoftwareScaleContext,
  SWS_BILINEAR,
} from 'node-av';
import type { RgbImage } from '@camfleet/domain';

/** A JPEG of 4:2:2, as the sample photos are. */
export async function decodePhoto(jpeg: Buffer): Promise<RgbImage> {
  const codec = Codec.findDecoder(AV_CODEC_ID_MJPEG);
  using context = new CodecContext();
  context.allocContext3(codec);
  FFmpegError.throwIfError(await context.open2(codec), 'open2');
  using packet = new Packet();
  packet.alloc();
  packet.data = jpeg;
  packet.flags = AV_PKT_FLAG_KEY;
  using frame = new Frame();
  frame.alloc();
  await context.sendPacket(packet);
  await context.sendPacket(null);
  FFmpegError.throwIfError(context.receiveFrameSync(frame), 'receiveFrame');
  const { width, height } = frame;
  if (frame.format !== AV_PIX_FMT_YUVJ422P) throw new Error('The photo is not of the kind that this reads.');
  using scaler = new SoftwareScaleContext();
  scaler.getContext(width, height, AV_PIX_FMT_YUVJ422P, width, height, AV_PIX_FMT_RGB24, SWS_BILINEAR);
  const data = Buffer.alloc(width * height * 3 + 64);
  const planes = (frame.data ?? []).slice(0, 3);
  scaler.scaleSync(planes, frame.linesize.slice(0, 3), 0, height, [data], [width * 3]);
  return { data: data.subarray(0, width * height * 3), width, height };
}
