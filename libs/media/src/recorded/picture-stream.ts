import { AV_NOPTS_VALUE, AV_PKT_FLAG_CORRUPT, type Frame, type Packet } from 'node-av';
import { sourceError } from '../sources/source-failure';
import { FrameClock } from './frame-clock';
import { HttpFile } from './http-file';
import { PacketPlan } from './packet-plan';
import { RecordedDecoder } from './recorded-decoder';
import { RecordedInput } from './recorded-input';
import { FrameChoice } from './frame-choice';
import type { SamplePosition, Sampling } from './sampling';

export interface RecordedLimits {
  /** A video that claims more, or whose pictures do, is refused. */
  maxDurationMs: number;
  maxFps: number;
}

export interface RecordedVideoOptions {
  /** http or https, best with `Range`; the address of one file, never of a playlist. */
  url: string;
  sampling: Sampling;
  /** Go on after this frame, as the run that took it would have done. */
  after?: SamplePosition | undefined;
  signal: AbortSignal;
  limits?: Partial<RecordedLimits>;
  /** How long the server may be away or silent. Default 20 s. */
  patienceMs?: number;
}

/** A picture in the order in which they are shown. */
export interface TimedFrame {
  frame: Frame;
  timestampMs: number;
}

const DEFAULT_LIMITS: RecordedLimits = { maxDurationMs: 12 * 3600_000, maxFps: 1_000 };
const DEFAULT_FRAME_MS = 40;
/** Packets whose times go back by more tell of a clock that began anew, not of packets out of order. */
const NEW_START_MS = 200;
/** Where a keyframe was not where the container said: so much further back, and four times as much again. */
const FIRST_STEP_BACK_MS = 10_000;
/** A video whose pictures end this much before the time it claims ends in the middle. */
const MISSING_MS = 1_000;

/** The pictures of a recorded video with their times; those that cannot be sampled may be missing. */
export class PictureStream implements AsyncDisposable {
  private readonly clock: FrameClock;
  private readonly plan: PacketPlan;
  private readonly limits: RecordedLimits;
  private waiting: TimedFrame[] = [];
  private decoded = 0;
  /** Whether the container says when pictures are shown, and not only when they are decoded. */
  private isTimed: boolean | undefined;
  private newestMs = 0;
  private lastDtsMs = -Infinity;
  private endMs = 0;
  private ended = false;
  private damaged = false;
  private passedOverUntilMs = 0;

  private constructor(
    readonly input: RecordedInput,
    private readonly decoder: RecordedDecoder,
    private readonly options: RecordedVideoOptions,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const { fps = 0, codec } = input.video;
    this.clock = new FrameClock(fps > 0 ? 1000 / fps : DEFAULT_FRAME_MS);
    this.plan = new PacketPlan(new FrameChoice(options.sampling, undefined).cells, codec);
  }

  /** @throws SourceError; the signal's reason when it was aborted */
  static async open(options: RecordedVideoOptions): Promise<PictureStream> {
    const { url, signal, patienceMs } = options;
    const file = await HttpFile.open({ url, signal, patienceMs });
    const input = await RecordedInput.open(file, signal);
    try {
      const decoder = await RecordedDecoder.open(input.video, input.timeBase);
      const stream = new PictureStream(input, decoder, options);
      stream.refuseAbsurdClaims();
      return stream;
    } catch (error) {
      await input.close();
      throw error;
    }
  }

  /** From the beginning of the container's first stream; known once the first picture was taken. */
  get firstPictureMs(): number {
    const { origin = 0 } = this.clock;
    return Math.max(0, origin - (this.input.startMs ?? origin));
  }

  /** Known at the end: pictures are missing that the container promised. */
  get isTruncated(): boolean {
    const { durationMs } = this.input;
    return this.damaged || (durationMs > 0 && this.endMs < durationMs - MISSING_MS);
  }

  /** The next picture, the caller's; undefined at the end. @throws SourceError */
  async next(): Promise<TimedFrame | undefined> {
    while (this.waiting.length === 0) {
      if (this.ended) return undefined;
      const packet = await this.read();
      if (typeof packet === 'string') {
        this.damaged ||= packet === 'damaged';
        this.ended = true;
        await this.decode(null);
      } else {
        this.note(packet);
        await this.decode(packet);
        packet.free();
      }
    }
    return this.waiting.shift();
  }

  /**
   * Goes on so that the next picture is the one at this time or an earlier one. The first one must have been taken.
   * @returns false where the container has no index: then the next one is the second
   */
  async goTo(timestampMs: number): Promise<boolean> {
    this.passedOverUntilMs = timestampMs;
    if (!this.input.isSeekable || this.clock.origin === undefined) return false;
    for (let backMs = 0; ; backMs = Math.max(FIRST_STEP_BACK_MS, backMs * 4)) {
      const targetMs = Math.max(0, timestampMs - backMs);
      await this.seek(targetMs);
      const landed = await this.next();
      const isEarlyEnough = landed !== undefined && landed.timestampMs <= timestampMs;
      if (landed && (isEarlyEnough || targetMs === 0)) this.waiting.unshift(landed);
      else landed?.frame.free();
      if (isEarlyEnough || targetMs === 0) return true;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { frame } of this.waiting.splice(0)) frame.free();
    this.decoder.close();
    await this.input.close();
  }

  private get keyframesOnly(): boolean {
    return this.options.sampling.kind === 'keyframes';
  }

  private async read(): Promise<Packet | 'end' | 'damaged'> {
    const { signal } = this.options;
    signal.throwIfAborted();
    return this.input.read().catch((error: unknown) => {
      signal.throwIfAborted();
      throw error;
    });
  }

  private async seek(targetMs: number): Promise<void> {
    const { num, den } = this.input.timeBase;
    const mediaMs = (this.clock.origin ?? 0) + targetMs;
    await this.input.seek(BigInt(Math.round((mediaMs * den) / (num * 1000))));
    for (const { frame } of this.waiting.splice(0)) frame.free();
    this.decoder.flush();
    this.clock.jump();
    this.ended = false;
    this.lastDtsMs = -Infinity;
  }

  /** Where the container's packets end, and whether its clock goes on. */
  private note(packet: Packet): void {
    const time = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    this.isTimed ??= packet.pts !== AV_NOPTS_VALUE;
    this.damaged = (packet.flags & AV_PKT_FLAG_CORRUPT) !== 0;
    if (time === AV_NOPTS_VALUE) return;
    const endMs = this.input.toMs(time + packet.duration) - (this.clock.origin ?? 0);
    this.endMs = Math.max(this.endMs, endMs);
    if (packet.dts === AV_NOPTS_VALUE) return;
    const dtsMs = this.input.toMs(packet.dts);
    if (dtsMs < this.lastDtsMs - NEW_START_MS) {
      this.plan.giveUp();
      this.clock.startAnew();
    }
    this.lastDtsMs = dtsMs;
  }

  private async decode(packet: Packet | null): Promise<void> {
    const { origin } = this.clock;
    const isTimed = packet && packet.pts !== AV_NOPTS_VALUE && origin !== undefined;
    // Times begin with the first picture. Where only the order of decoding has times, all pictures tell those of some.
    if (this.keyframesOnly && this.isTimed && isTimed) return this.decodeKeyframe(packet);
    const shownAtMs = isTimed ? this.input.toMs(packet.pts) - origin : undefined;
    const wanted = this.plan.wanted(shownAtMs, this.passedOverUntilMs);
    for (const frame of await this.decoder.decode(packet, wanted)) this.take(frame);
  }

  /** Not by the demuxer's own discarding: MP4's would then lose count, and give the wrong times. */
  private async decodeKeyframe(packet: Packet): Promise<void> {
    const frames = packet.isKeyframe ? this.decoder.decodeAlone(packet) : this.decoder.drain();
    for (const frame of await frames) this.take(frame);
    if (!packet.isKeyframe) this.clock.pass(this.input.toMs(packet.pts));
  }

  private take(frame: Frame): void {
    this.decoded += 1;
    const time = frame.bestEffortTimestamp;
    const mediaMs = time === AV_NOPTS_VALUE ? undefined : this.input.toMs(time);
    const timestampMs = this.clock.next(mediaMs);
    // What a container calls a keyframe may need others all the same: it begins a refresh by and by.
    const isLeftOut = this.keyframesOnly && this.decoded > 1 && frame.keyFrame === 0;
    if (timestampMs === undefined || timestampMs < 0 || isLeftOut) frame.free();
    else this.waiting.push({ frame, timestampMs });
    this.newestMs = Math.max(this.newestMs, timestampMs ?? 0);
    const { maxFps, maxDurationMs } = this.limits;
    if (this.newestMs > maxDurationMs) throw tooLong(maxDurationMs);
    if (this.decoded > maxFps * (this.newestMs / 1000 + 2)) throw tooFast(maxFps);
  }

  private refuseAbsurdClaims(): void {
    const { maxFps, maxDurationMs } = this.limits;
    if (this.input.durationMs > maxDurationMs) throw tooLong(maxDurationMs);
    if (this.input.claimedFps > maxFps) throw tooFast(maxFps);
  }
}

function tooLong(limitMs: number): Error {
  return sourceError('SOURCE_UNSUPPORTED', `The video is longer than ${limitMs / 3600_000} hours.`);
}

function tooFast(limit: number): Error {
  return sourceError('SOURCE_UNSUPPORTED', `The video has more than ${limit} pictures a second.`);
}
