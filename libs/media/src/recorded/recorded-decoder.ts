import {
  AVERROR_EAGAIN,
  AVERROR_EOF,
  Codec,
  CodecContext,
  Dictionary,
  Frame,
  type Packet,
  type Rational,
} from 'node-av';
import { MAX_PICTURE_PIXELS, refuseAbsurdSize } from '../decoding/limits';
import type { VideoStream } from '../sources/media-source';
import { sourceError } from '../sources/source-failure';

/** As many as a worker's smallest machine has cores. Two make the first picture come one packet later. */
const THREADS = 2;

/** `reference`: pictures that no other one needs are left out. */
export type Wanted = 'all' | 'reference';

/** Decodes a recorded video; what cannot be decoded is passed over. Frames keep the container's own times. One call at a time. */
export class RecordedDecoder {
  private wanted: Wanted = 'all';
  /** Pictures may be held back for reordering. */
  private isHolding = false;

  private constructor(private readonly context: CodecContext) {}

  /** @throws SourceError `SOURCE_UNSUPPORTED` */
  static async open(video: VideoStream, timeBase: Rational): Promise<RecordedDecoder> {
    refuseAbsurdSize(video);
    const codec = Codec.findDecoder(video.codecId);
    if (!codec) throw sourceError('SOURCE_UNSUPPORTED', `The codec ${video.codec} cannot be decoded.`);
    const context = new CodecContext();
    context.allocContext3(codec);
    if (video.parameters) context.parametersToContext(video.parameters);
    context.pktTimebase = timeBase;
    context.threadCount = THREADS;
    using limits = Dictionary.fromObject({ max_pixels: MAX_PICTURE_PIXELS });
    if ((await context.open2(codec, limits)) >= 0) return new RecordedDecoder(context);
    context.freeContext();
    throw sourceError('SOURCE_UNSUPPORTED', `The codec ${video.codec} cannot be decoded.`);
  }

  /** The pictures that come out, the caller's; of `null`, the end, all that were held back. */
  async decode(packet: Packet | null, wanted: Wanted = 'all'): Promise<Frame[]> {
    this.want(wanted);
    this.isHolding = packet !== null;
    await this.context.sendPacket(packet);
    const frames: Frame[] = [];
    let failures = 0;
    for (;;) {
      const frame = new Frame();
      frame.alloc();
      const received = this.context.receiveFrameSync(frame);
      if (received >= 0) {
        frames.push(frame);
        continue;
      }
      frame.free();
      // A thread that failed says so here, and stands before those that did not.
      if (received === AVERROR_EAGAIN || received === AVERROR_EOF || failures === THREADS) return frames;
      failures += 1;
    }
  }

  /**
   * The picture of a keyframe of which the packets before and after are left out: two such pictures in one go would
   * be put into the order of numbers that each group of pictures counts from 0 on.
   */
  async decodeAlone(keyframe: Packet): Promise<Frame[]> {
    return [...(await this.drain()), ...(await this.decode(keyframe)), ...(await this.drain())];
  }

  /** What is held back. What comes next begins with a keyframe. */
  async drain(): Promise<Frame[]> {
    if (!this.isHolding) return [];
    const frames = await this.decode(null);
    this.flush();
    return frames;
  }

  /** Forgets all that it was given: what comes next begins with a keyframe. */
  flush(): void {
    this.context.flushBuffers();
    this.isHolding = false;
  }

  close(): void {
    this.context.freeContext();
  }

  private want(wanted: Wanted): void {
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    this.context.setOption('skip_frame', wanted === 'all' ? 'default' : 'noref');
  }
}
