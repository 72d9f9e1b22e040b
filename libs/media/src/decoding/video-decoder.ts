import {
  Codec,
  CodecContext,
  Dictionary,
  Frame,
  type HardwareDeviceContext,
  type Packet,
  Rational,
} from 'node-av';
import type { MediaPacket } from '../sources/media-packet';
import type { VideoStream } from '../sources/media-source';
import { sourceError } from '../sources/source-failure';
import { hardwareFor } from './hardware';
import { MAX_PICTURE_PIXELS, refuseAbsurdSize } from './limits';
import { VideoFrame } from './video-frame';

export interface VideoDecoderOptions {
  /** `auto`: the machine's hardware when it has any for this codec, software otherwise and when it fails. */
  hardware?: 'auto' | 'off';
}

const PACKET_TIME_BASE = new Rational(1, 1_000_000);
/** Of hardware that gives errors only, so many are borne before software takes over. */
const MAX_HARDWARE_ERRORS = 3;

/**
 * Decodes one connection's packets on one thread of the pool. One call at a time. Packets that cannot be
 * decoded are counted and skipped; a change of resolution needs nothing.
 */
export class VideoDecoder {
  /** Undecodable packets in a row. */
  errorsInARow = 0;
  private pending: Promise<unknown> = Promise.resolve();
  private closed = false;

  private constructor(
    readonly stream: VideoStream,
    private context: CodecContext,
    private device: HardwareDeviceContext | undefined,
  ) {}

  /** @throws SourceError `SOURCE_UNSUPPORTED`: no decoder for the codec, or an absurd size */
  static async open(
    stream: VideoStream,
    { hardware = 'auto' }: VideoDecoderOptions = {},
  ): Promise<VideoDecoder> {
    refuseAbsurdSize(stream);
    const codec = Codec.findDecoder(stream.codecId);
    if (!codec) throw unsupported(stream);
    const device = hardware === 'auto' ? hardwareFor(codec) : undefined;
    const onHardware = device && (await openContext(stream, codec, device));
    if (onHardware) return new VideoDecoder(stream, onHardware, device);
    const context = await openContext(stream, codec);
    if (!context) throw unsupported(stream);
    return new VideoDecoder(stream, context, undefined);
  }

  get usesHardware(): boolean {
    return this.device !== undefined;
  }

  /** The pictures that this packet completes, owned by the caller; none after `close()`. */
  decode(packet: MediaPacket): Promise<VideoFrame[]> {
    packet.retain();
    return this.serially(() => this.send(packet.toNative())).finally(() => packet.release());
  }

  /** What the decoder still holds back for reordering. It starts anew afterwards, with a keyframe. */
  drain(): Promise<VideoFrame[]> {
    return this.serially(async () => {
      const frames = await this.send(null);
      this.context.flushBuffers();
      return frames;
    });
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.pending;
    this.context.freeContext();
  }

  private serially(work: () => Promise<VideoFrame[]>): Promise<VideoFrame[]> {
    if (this.closed) return Promise.resolve([]);
    const result = work();
    this.pending = result.catch(() => undefined);
    return result;
  }

  private async send(packet: Packet | null): Promise<VideoFrame[]> {
    const code = await this.context.sendPacket(packet);
    if (code < 0 && packet) await this.countError();
    const frames: VideoFrame[] = [];
    for (;;) {
      const frame = new Frame();
      frame.alloc();
      // With one thread the picture was decoded in sendPacket: taking it is no work.
      const received = this.context.receiveFrameSync(frame);
      if (received < 0) {
        frame.free();
        return frames;
      }
      this.errorsInARow = 0;
      const inMemory = this.device ? await download(frame) : frame;
      if (inMemory) frames.push(this.wrap(inMemory));
    }
  }

  private wrap(frame: Frame): VideoFrame {
    const captureTimeMs = Number(frame.pts) / 1000;
    return new VideoFrame({ frame, captureTimeMs, rotation: this.stream.rotation });
  }

  private async countError(): Promise<void> {
    this.errorsInARow += 1;
    if (!this.device || this.errorsInARow < MAX_HARDWARE_ERRORS) return;
    const codec = Codec.findDecoder(this.stream.codecId);
    const software = codec && (await openContext(this.stream, codec));
    if (!software) return;
    this.context.freeContext();
    this.context = software;
    this.device = undefined;
    this.errorsInARow = 0;
  }
}

function unsupported(stream: VideoStream): Error {
  return sourceError('SOURCE_UNSUPPORTED', `The codec ${stream.codec} cannot be decoded.`);
}

async function openContext(
  stream: VideoStream,
  codec: Codec,
  device?: HardwareDeviceContext,
): Promise<CodecContext | undefined> {
  const context = new CodecContext();
  context.allocContext3(codec);
  if (stream.parameters) context.parametersToContext(stream.parameters);
  context.pktTimebase = PACKET_TIME_BASE;
  context.threadCount = 1;
  if (device) context.hwDeviceCtx = device;
  using limits = Dictionary.fromObject({ max_pixels: MAX_PICTURE_PIXELS });
  if ((await context.open2(codec, limits)) >= 0) return context;
  context.freeContext();
  return undefined;
}

async function download(frame: Frame): Promise<Frame | undefined> {
  if (frame.isSwFrame()) return frame;
  const target = new Frame();
  target.alloc();
  const code = await frame.hwframeTransferData(target);
  if (code >= 0) target.copyProps(frame);
  frame.free();
  if (code >= 0) return target;
  target.free();
  return undefined;
}
