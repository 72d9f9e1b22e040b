import {
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MJPEG,
  AV_CODEC_ID_NONE,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_PKT_DATA_DISPLAYMATRIX,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  avGetCodecName,
  CodecParameters,
  Dictionary,
  FormatContext,
  InputFormat,
  Log,
  Packet,
  type Rational,
  type Stream,
} from 'node-av';
import { refuseAbsurdSize } from '../decoding/limits';
import { withHuffmanTables } from '../http/huffman-tables';
import type { FfmpegInput } from './ffmpeg-options';
import { MediaPacket } from './media-packet';
import type { MediaSource, Pacing, Rotation, VideoStream } from './media-source';
import { fromFfmpegCode, sourceError } from './source-failure';

export interface FfmpegSourceOptions {
  input: FfmpegInput;
  pacing: Pacing;
  isLive: boolean;
  signal: AbortSignal;
}

/** Clockwise turn in the display matrix (16.16 fixed point: `[a b u; c d v; x y w]`), in steps of 90 degrees. */
function rotationOf(parameters: CodecParameters): Rotation {
  const matrix = parameters.getCodedSideData(AV_PKT_DATA_DISPLAYMATRIX);
  if (!matrix || matrix.length < 8) return 0;
  const degrees = (Math.atan2(matrix.readInt32LE(4), matrix.readInt32LE(0)) * 180) / Math.PI;
  const turns = (Math.round(degrees / 90) + 4) % 4;
  return turns === 1 ? 90 : turns === 2 ? 180 : turns === 3 ? 270 : 0;
}

function plausibleFps(stream: Stream): number | undefined {
  const { num, den } = stream.avgFrameRate;
  const fps = den > 0 ? num / den : 0;
  return fps > 0 && fps <= 1000 ? fps : undefined;
}

/** A source that FFmpeg demuxes: everything but JPEGs over HTTP. */
export class FfmpegSource implements MediaSource {
  readonly pacing: Pacing;
  readonly isLive: boolean;
  private pending: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;
  private readonly onAbort = () => this.context.interrupt();

  readonly video: VideoStream;
  private readonly timeBase: Rational;

  private constructor(
    private readonly context: FormatContext,
    private readonly stream: Stream,
    private readonly options: FfmpegSourceOptions,
  ) {
    this.video = describe(context, stream);
    this.timeBase = stream.timeBase;
    refuseAbsurdSize(this.video);
    this.pacing = options.pacing;
    this.isLive = options.isLive;
    options.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /**
   * Opens, and says what the video is. RTSP cameras say it in their SDP, so nothing is read ahead: looking
   * into the packets costs up to 4 s. An abort ends the opening at once.
   * @throws SourceError
   */
  static async open(options: FfmpegSourceOptions): Promise<FfmpegSource> {
    Log.setLevel(AV_LOG_QUIET); // FFmpeg's own log lines hold addresses with passwords
    const context = new FormatContext();
    context.allocContext(); // before openInput: only then can interrupt() end an opening that hangs
    const interrupt = () => context.interrupt();
    options.signal.addEventListener('abort', interrupt, { once: true });
    try {
      return new FfmpegSource(context, await openVideo(context, options.input), options);
    } catch (error) {
      await context.closeInput();
      throw error;
    } finally {
      options.signal.removeEventListener('abort', interrupt);
    }
  }

  /** FFmpeg's name of the container. */
  get container(): string {
    return this.context.iformat?.name ?? 'unknown';
  }

  /** As the container claims; 0 when it claims none. */
  get durationMs(): number {
    const { duration } = this.context;
    return duration === AV_NOPTS_VALUE || duration < 0n ? 0 : Number(duration) / 1000;
  }

  async read(): Promise<MediaPacket | null> {
    for (;;) {
      if (this.closing || this.options.signal.aborted) return null;
      const packet = new Packet();
      packet.alloc();
      const reading = this.context.readFrame(packet);
      this.pending = reading;
      const code = await reading;
      if (code >= 0 && packet.streamIndex === this.stream.index && packet.size > 0) return this.wrap(packet);
      packet.free();
      if (code >= 0 || code === AVERROR_EAGAIN) continue;
      if (code === AVERROR_EOF || this.closing) return null;
      throw fromFfmpegCode(code);
    }
  }

  async close(): Promise<void> {
    this.closing ??= this.release();
    await this.closing;
  }

  private async release(): Promise<void> {
    this.options.signal.removeEventListener('abort', this.onAbort);
    this.context.interrupt();
    await this.pending;
    await this.context.closeInput();
  }

  private wrap(packet: Packet): MediaPacket {
    const { pts, dts } = packet;
    const presentationTimeMs = pts === AV_NOPTS_VALUE ? undefined : this.toMs(pts);
    const mediaTimeMs = dts === AV_NOPTS_VALUE ? presentationTimeMs : this.toMs(dts);
    if (this.video.codecId !== AV_CODEC_ID_MJPEG)
      return MediaPacket.fromNative(packet, this.video, { mediaTimeMs, presentationTimeMs });
    const jpeg = withHuffmanTables(Buffer.from(packet.data ?? []));
    packet.free();
    return MediaPacket.fromJpeg(jpeg, this.video, mediaTimeMs);
  }

  private toMs(time: bigint): number {
    const { num, den } = this.timeBase;
    return (Number(time) * num * 1000) / den;
  }
}

/** Opens what the context is given to read; its video stream, the others are left out. @throws SourceError */
export async function openVideo(context: FormatContext, input: FfmpegInput): Promise<Stream> {
  const format = input.format ? InputFormat.findInputFormat(input.format) : null;
  if (input.format && !format)
    throw sourceError('SOURCE_UNSUPPORTED', 'This kind of source is not supported here.');
  using options = Dictionary.fromObject(input.options);
  const opened = await context.openInput(input.url, format, options);
  if (opened === AVERROR_EOF) throw sourceError('SOURCE_UNSUPPORTED', 'The source is empty.');
  // So FFmpeg calls a camera that hangs up in the middle of the greeting, as one does that is just starting.
  if (opened === AVERROR_INVALIDDATA && /^rtsps?:/i.test(input.url))
    throw sourceError('SOURCE_UNREACHABLE', 'The camera ended the connection before it had answered.');
  if (opened < 0) throw fromFfmpegCode(opened);
  refuseAbsurdStreams(context);
  if (input.needsStreamInfo || !findVideo(context)) await inspectPackets(context);
  const stream = findVideo(context);
  if (!stream) {
    const sentence = context.nbStreams > 0 ? 'The source has sound but no video.' : undefined;
    throw sourceError('SOURCE_UNSUPPORTED', sentence);
  }
  for (const other of context.streams) if (other.index !== stream.index) other.discard = AVDISCARD_ALL;
  return stream;
}

/** Reads ahead until FFmpeg knows the streams, within the probing limits of the input's options. */
async function inspectPackets(context: FormatContext): Promise<void> {
  const code = await context.findStreamInfo();
  if (code < 0) throw fromFfmpegCode(code);
}

/** Codecs whose parameter sets node-av reads rightly (of AV1's it makes nonsense). */
function hasReadableHeader({ codecId, extradataSize }: CodecParameters): boolean {
  return extradataSize > 0 && (codecId === AV_CODEC_ID_H264 || codecId === AV_CODEC_ID_HEVC);
}

/** By what the container says and by the codec's own header, before any decoder is made. */
function refuseAbsurdStreams(context: FormatContext): void {
  for (const { codecpar } of context.streams) {
    if (codecpar.codecType !== AVMEDIA_TYPE_VIDEO) continue;
    refuseAbsurdSize(codecpar);
    if (!hasReadableHeader(codecpar)) continue;
    using copy = new CodecParameters();
    copy.alloc();
    codecpar.copy(copy);
    copy.width = 0;
    copy.height = 0;
    copy.parseExtradata();
    refuseAbsurdSize(copy);
  }
}

/** The cover of a piece of music is no video. */
function findVideo(context: FormatContext): Stream | undefined {
  return context.streams.find(
    ({ codecpar, disposition }) =>
      codecpar.codecType === AVMEDIA_TYPE_VIDEO &&
      codecpar.codecId !== AV_CODEC_ID_NONE &&
      (disposition & AV_DISPOSITION_ATTACHED_PIC) === 0,
  );
}

export function describe(context: FormatContext, stream: Stream): VideoStream {
  const parameters = new CodecParameters();
  parameters.alloc();
  stream.codecpar.copy(parameters);
  if (parameters.width === 0 && hasReadableHeader(parameters)) parameters.parseExtradata();
  return {
    codec: avGetCodecName(parameters.codecId) ?? 'unknown',
    codecId: parameters.codecId,
    parameters,
    width: parameters.width,
    height: parameters.height,
    fps: plausibleFps(stream),
    hasAudio: context.streams.some(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO),
    rotation: rotationOf(parameters),
  };
}
