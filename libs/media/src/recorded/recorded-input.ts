import {
  AV_LOG_QUIET,
  AV_NOPTS_VALUE,
  AV_DISPOSITION_ATTACHED_PIC,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVFMT_FLAG_CUSTOM_IO,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_CUR,
  AVSEEK_END,
  AVSEEK_FLAG_BACKWARD,
  AVSEEK_SIZE,
  FormatContext,
  IOContext,
  Log,
  Packet,
  type Rational,
  type Stream,
} from 'node-av';
import { GIVEN_BYTES } from '../sources/ffmpeg-options';
import { describe, openVideo } from '../sources/ffmpeg-source';
import type { VideoStream } from '../sources/media-source';
import type { HttpFile } from './http-file';

const READ_BYTES = 256 * 1024;
const POSIX_EIO = -5;
const PLAYED = new Set<number>([AVMEDIA_TYPE_VIDEO, AVMEDIA_TYPE_AUDIO]);
/** `mpegts` and the like have no index, and their times may start anew: a seek may land anywhere. */
const INDEXED = /^(mov|matroska|avi|flv|asf)/;

interface OpenFile {
  context: FormatContext;
  io: IOContext;
  file: HttpFile;
}

/** The packets of a recorded video's picture. FFmpeg sees the bytes and no address. */
export class RecordedInput {
  readonly video: VideoStream;
  readonly timeBase: Rational;

  private readonly context: FormatContext;
  private readonly file: HttpFile;

  private constructor(
    private readonly opened: OpenFile,
    private readonly stream: Stream,
  ) {
    const { context, file } = opened;
    this.context = context;
    this.file = file;
    this.video = describe(context, stream);
    this.timeBase = stream.timeBase;
  }

  /** Takes the file over. @throws SourceError */
  static async open(file: HttpFile, signal: AbortSignal): Promise<RecordedInput> {
    Log.setLevel(AV_LOG_QUIET);
    const context = new FormatContext();
    context.allocContext();
    const io = bytesOf(file);
    const opened = { context, io, file };
    context.pb = io;
    context.setFlags(AVFMT_FLAG_CUSTOM_IO);
    try {
      const stream = await openVideo(context, GIVEN_BYTES);
      return new RecordedInput(opened, stream);
    } catch (error) {
      const failure = file.failure;
      await release(opened);
      signal.throwIfAborted();
      throw failure ?? error;
    }
  }

  /** FFmpeg's name of the container. */
  get container(): string {
    return this.context.iformat?.name ?? 'unknown';
  }

  /** Of the picture, as the container claims; 0 when it claims none. */
  get durationMs(): number {
    const { duration } = this.stream;
    if (duration !== AV_NOPTS_VALUE && duration > 0n) return this.toMs(duration);
    const whole = this.context.duration;
    return whole === AV_NOPTS_VALUE || whole < 0n ? 0 : Number(whole) / 1000;
  }

  /** Of what begins first, picture or sound, in the container's own time; undefined where it does not say. */
  get startMs(): number | undefined {
    const played = this.context.streams.filter(
      ({ codecpar, disposition, startTime }) =>
        PLAYED.has(codecpar.codecType) &&
        (disposition & AV_DISPOSITION_ATTACHED_PIC) === 0 &&
        startTime !== AV_NOPTS_VALUE,
    );
    const starts = played.map(
      ({ startTime, timeBase: { num, den } }) => (Number(startTime) * num * 1000) / den,
    );
    return starts.length > 0 ? Math.min(...starts) : undefined;
  }

  /** Average frames a second as claimed, however absurd; 0 when nothing is. */
  get claimedFps(): number {
    const { num, den } = this.stream.avgFrameRate;
    return den > 0 ? num / den : 0;
  }

  get isSeekable(): boolean {
    return INDEXED.test(this.container) && this.file.sizeBytes !== undefined;
  }

  toMs(time: bigint): number {
    return (Number(time) * this.timeBase.num * 1000) / this.timeBase.den;
  }

  /** The next packet, the caller's; or how it ended. @throws SourceError when the server is the reason */
  async read(): Promise<Packet | 'end' | 'damaged'> {
    for (;;) {
      const packet = new Packet();
      packet.alloc();
      const code = await this.context.readFrame(packet);
      if (this.file.failure) {
        packet.free();
        throw this.file.failure;
      }
      if (code >= 0 && packet.streamIndex === this.stream.index && packet.size > 0) return packet;
      packet.free();
      if (code >= 0 || code === AVERROR_EAGAIN) continue;
      return code === AVERROR_EOF ? 'end' : 'damaged';
    }
  }

  /** Goes on at the keyframe at or before `time`; false when the container cannot. */
  async seek(time: bigint): Promise<boolean> {
    return (await this.context.seekFrame(this.stream.index, time, AVSEEK_FLAG_BACKWARD)) >= 0;
  }

  async close(): Promise<void> {
    await release(this.opened);
  }
}

async function release({ context, io, file }: OpenFile): Promise<void> {
  await context.closeInput();
  io.freeContext();
  await file.close();
}

function bytesOf(file: HttpFile): IOContext {
  const io = new IOContext();
  io.allocContextWithCallbacks(
    READ_BYTES,
    0,
    async (bytes) => {
      try {
        return (await file.read(bytes)) ?? AVERROR_EOF;
      } catch {
        return POSIX_EIO; // the file itself says what it was
      }
    },
    null,
    (offset, whence) => {
      const size = file.sizeBytes;
      if (whence === AVSEEK_SIZE) return BigInt(size ?? -1);
      if (whence === AVSEEK_END && size === undefined) return -1n;
      const base = whence === AVSEEK_CUR ? file.offset : whence === AVSEEK_END ? (size ?? 0) : 0;
      const target = base + Number(offset);
      if (target < 0) return -1n;
      file.seek(target);
      return BigInt(target);
    },
  );
  return io;
}
