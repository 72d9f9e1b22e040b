import { AV_NOPTS_VALUE, AV_PKT_FLAG_KEY, Packet } from 'node-av';
import type { VideoStream } from './media-source';

interface PacketContent {
  /** What the decoder for this packet is made of; changes with each connection. */
  stream: VideoStream;
  isKeyframe: boolean;
  sizeBytes: number;
  /** The sender's decoding time in ms, for pacing files; undefined when it gave none. */
  mediaTimeMs: number | undefined;
  /** When the sender says that it is shown; undefined when it does not say. */
  presentationTimeMs: number | undefined;
}

/**
 * One compressed picture. Counted references: whoever keeps it beyond the call that handed it over calls
 * `retain()`, and later `release()`.
 */
export class MediaPacket {
  readonly stream: VideoStream;
  readonly isKeyframe: boolean;
  readonly sizeBytes: number;
  readonly mediaTimeMs: number | undefined;
  readonly presentationTimeMs: number | undefined;
  /** When it came in, by the worker's clock (Unix ms). Set once by the reader. */
  captureTimeMs = 0;

  private references = 1;
  private native: Packet | undefined;

  private constructor(
    content: PacketContent,
    packet: Packet | undefined,
    /** MJPEG sources: the picture itself, complete with its Huffman tables. */
    readonly jpeg: Buffer | undefined,
  ) {
    this.stream = content.stream;
    this.isKeyframe = content.isKeyframe;
    this.sizeBytes = content.sizeBytes;
    this.mediaTimeMs = content.mediaTimeMs;
    this.presentationTimeMs = content.presentationTimeMs;
    this.native = packet;
  }

  static fromNative(
    packet: Packet,
    stream: VideoStream,
    times: Pick<PacketContent, 'mediaTimeMs' | 'presentationTimeMs'>,
  ): MediaPacket {
    const content = { stream, isKeyframe: packet.isKeyframe, sizeBytes: packet.size, ...times };
    return new MediaPacket(content, packet, undefined);
  }

  static fromJpeg(jpeg: Buffer, stream: VideoStream, mediaTimeMs?: number): MediaPacket {
    const times = { mediaTimeMs, presentationTimeMs: mediaTimeMs };
    const content = { stream, isKeyframe: true, sizeBytes: jpeg.length, ...times };
    return new MediaPacket(content, undefined, jpeg);
  }

  /**
   * The packet for the decoder. Its PTS is the capture time in microseconds: so the frame carries it through
   * any reordering, whatever the camera's own time stamps are.
   */
  toNative(): Packet {
    this.native ??= this.wrapJpeg();
    this.native.pts = BigInt(Math.round(this.captureTimeMs * 1000));
    this.native.dts = AV_NOPTS_VALUE;
    return this.native;
  }

  /** Another reference to the same bytes, for a muxer: the caller sets its times, and frees it. */
  cloneNative(): Packet {
    const clone = (this.native ?? this.wrapJpeg()).clone();
    if (!clone) throw new Error('No memory for a packet.');
    return clone;
  }

  retain(): this {
    this.references += 1;
    return this;
  }

  release(): void {
    this.references -= 1;
    if (this.references > 0) return;
    this.native?.free();
    this.native = undefined;
  }

  private wrapJpeg(): Packet {
    const packet = new Packet();
    packet.alloc();
    packet.data = this.jpeg ?? Buffer.alloc(0);
    packet.flags = AV_PKT_FLAG_KEY;
    return packet;
  }
}
