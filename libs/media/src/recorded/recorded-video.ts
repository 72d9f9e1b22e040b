import { VideoFrame } from '../decoding/video-frame';
import { deinterlaced } from '../pictures/deinterlace';
import { PictureScaler } from '../pictures/picture-scaler';
import { sourceError } from '../sources/source-failure';
import { FrameChoice } from './frame-choice';
import { difference, smallGrey } from './motion';
import { PictureStream, type RecordedVideoOptions, type TimedFrame } from './picture-stream';
import type { RecordedVideoInfo, SampledFrame } from './sampled-frame';

/** A recorded video, read once: from the front to the end, or on from where another run has stopped. */
export class RecordedVideo implements AsyncDisposable {
  readonly info: RecordedVideoInfo;
  private readonly choice: FrameChoice;
  private readonly scaler = new PictureScaler();
  private reference: Uint8Array | undefined;

  private constructor(
    private readonly stream: PictureStream,
    private readonly options: RecordedVideoOptions,
    private first: TimedFrame | undefined,
  ) {
    const { input } = stream;
    const { codec, fps = 0 } = input.video;
    const size = first && this.pictureOf(first).display;
    const { container, durationMs } = input;
    this.info = {
      container,
      codec,
      width: size?.width ?? 0,
      height: size?.height ?? 0,
      fps,
      durationMs: Math.round(durationMs),
      firstPictureMs: Math.round(stream.firstPictureMs),
    };
    this.choice = new FrameChoice(options.sampling, options.after);
  }

  /**
   * Opens it and decodes its first picture. What is missing at the end is told by `isTruncated`.
   * @throws SourceError: `SOURCE_UNSUPPORTED` for what is no video, has no picture, or is beyond the limits;
   *   `SOURCE_NOT_FOUND`, `SOURCE_UNREACHABLE`, … for the server; the signal's reason when it was aborted
   */
  static async open(options: RecordedVideoOptions): Promise<RecordedVideo> {
    const stream = await PictureStream.open(options);
    try {
      const first = await stream.next();
      if (!first) throw sourceError('SOURCE_UNSUPPORTED', 'The video has no picture that can be decoded.');
      return new RecordedVideo(stream, options, first);
    } catch (error) {
      await stream[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Known when `frames` has ended: the video ends in the middle, and these were all that it had. */
  get isTruncated(): boolean {
    return this.stream.isTruncated;
  }

  /** The sampled frames, once. @throws SourceError */
  async *frames(): AsyncGenerator<SampledFrame, void, void> {
    const { after } = this.options;
    if (after && (await this.stream.goTo(after.timestampMs))) this.takeFirst()?.frame.free();
    for (;;) {
      const timed = this.takeFirst() ?? (await this.stream.next());
      if (!timed) return;
      const picture = this.pictureOf(timed);
      try {
        const sampled = await this.sample(picture, timed.timestampMs);
        if (sampled) yield* this.withoutCombs(sampled);
      } finally {
        picture.release();
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.takeFirst()?.frame.free();
    this.scaler.close();
    await this.stream[Symbol.asyncDispose]();
  }

  private async *withoutCombs(sampled: SampledFrame): AsyncGenerator<SampledFrame, void, void> {
    const frame = await deinterlaced(sampled.picture.native);
    if (!frame) return yield sampled;
    const picture = this.pictureOf({ frame, timestampMs: sampled.timestampMs });
    try {
      yield { ...sampled, picture };
    } finally {
      picture.release();
    }
  }

  private takeFirst(): TimedFrame | undefined {
    const { first } = this;
    this.first = undefined;
    return first;
  }

  private pictureOf({ frame, timestampMs }: TimedFrame): VideoFrame {
    return new VideoFrame({ frame, captureTimeMs: timestampMs, rotation: this.stream.input.video.rotation });
  }

  private async sample(picture: VideoFrame, timestampMs: number): Promise<SampledFrame | undefined> {
    const { after, sampling } = this.options;
    if (after && timestampMs <= after.timestampMs) {
      if (timestampMs === after.timestampMs && sampling.kind === 'adaptive')
        this.reference = await smallGrey(this.scaler, picture);
      return undefined;
    }
    const choice = this.choice.of(timestampMs);
    if (choice === 'pass') return undefined;
    const motion = await this.motionOf(picture);
    if (choice === 'look' && sampling.kind === 'adaptive' && (motion.share ?? 0) <= sampling.motionThreshold)
      return undefined;
    this.reference = motion.grey;
    const isKeyframe = picture.native.keyFrame === 1;
    return { ...this.choice.take(timestampMs), isKeyframe, motion: motion.share, picture };
  }

  /** Against the last sampled frame. */
  private async motionOf(picture: VideoFrame): Promise<{ share?: number; grey?: Uint8Array }> {
    if (this.options.sampling.kind !== 'adaptive') return {};
    const grey = await smallGrey(this.scaler, picture);
    return { grey, ...(this.reference && { share: difference(this.reference, grey) }) };
  }
}
