import {
  AV_LOG_ERROR,
  AV_CODEC_FLAG_QSCALE,
  AV_CODEC_ID_MJPEG,
  AV_PIX_FMT_YUVJ444P,
  Codec,
  CodecContext,
  FF_QP2LAMBDA,
  FFmpegError,
  FilterGraph,
  Frame,
  Log,
  Packet,
  Rational,
} from 'node-av';

const SINK = 'buffersink@photo';
/** FFmpeg's quantiser scale: 2 is best. */
const QSCALE = 2;

/** The first picture that FFmpeg's filters draw, which have no input and no sink, as a JPEG. */
export async function drawPhoto(filters: string): Promise<Buffer> {
  Log.setLevel(AV_LOG_ERROR);
  using graph = new FilterGraph();
  graph.alloc();
  FFmpegError.throwIfError(graph.parsePtr(`${filters},format=yuvj444p,${SINK}`), 'filters');
  FFmpegError.throwIfError(await graph.config(), 'filter graph');
  const sink = graph.getFilter(SINK);
  if (!sink) throw new Error('The filter graph has no sink.');
  using frame = new Frame();
  frame.alloc();
  FFmpegError.throwIfError(await sink.buffersinkGetFrame(frame), 'filter');
  // Awaited here: the frame is freed when this function is left.
  return await toJpeg(frame);
}

async function toJpeg(frame: Frame): Promise<Buffer> {
  const codec = Codec.findEncoder(AV_CODEC_ID_MJPEG);
  if (!codec) throw new Error('This build of node-av has no MJPEG encoder.');
  using context = new CodecContext();
  context.allocContext3(codec);
  context.width = frame.width;
  context.height = frame.height;
  context.pixelFormat = AV_PIX_FMT_YUVJ444P;
  context.timeBase = new Rational(1, 25);
  context.threadCount = 1;
  context.setFlags(AV_CODEC_FLAG_QSCALE);
  FFmpegError.throwIfError(await context.open2(codec, null), 'open2');
  frame.pts = 0n;
  frame.quality = QSCALE * FF_QP2LAMBDA;
  FFmpegError.throwIfError(await context.sendFrame(frame), 'sendFrame');
  using packet = new Packet();
  packet.alloc();
  FFmpegError.throwIfError(context.receivePacketSync(packet), 'receivePacket');
  return Buffer.from(packet.data ?? []);
}
