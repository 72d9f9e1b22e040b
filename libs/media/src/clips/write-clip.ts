import {
  AVMEDIA_TYPE_VIDEO,
  CodecParameters,
  Dictionary,
  FFmpegError,
  FormatContext,
  Rational,
} from 'node-av';
import type { Size } from '@camfleet/domain';
import type { MediaPacket } from '../sources/media-packet';
import type { VideoStream } from '../sources/media-source';

export interface ClipContent {
  /** Of one stream and in the order of their decoding, the first a keyframe. They stay the caller's. */
  packets: readonly MediaPacket[];
  /** Coded pixels: streams do not always say it before their first picture. */
  size: Size;
}

const TICKS_PER_SECOND = 90_000;
const TICK = new Rational(1, TICKS_PER_SECOND);

/**
 * Writes an MP4 of the packets as they are, without decoding them; its index stands first, so that a player can
 * begin at once. The times are those at which the packets came in.
 * Rejects with FFmpeg's error: the disk is full, or the codec has no place in an MP4.
 */
export async function writeClip(path: string, { packets, size }: ClipContent): Promise<void> {
  const [first] = packets;
  if (!first?.isKeyframe) throw new Error('A clip begins with a keyframe.');
  const context = new FormatContext();
  check(context.allocOutputContext2(null, 'mp4', path), 'allocOutputContext2');
  try {
    const stream = context.newStream();
    using parameters = parametersOf(first.stream, size);
    check(parameters.copy(stream.codecpar), 'copy');
    stream.timeBase = TICK;
    check(await context.openOutput(), 'openOutput');
    using options = Dictionary.fromObject({ movflags: '+faststart' });
    check(await context.writeHeader(options), 'writeHeader');
    for (const { packet, ...times } of timed(packets)) {
      using native = packet.cloneNative();
      native.streamIndex = stream.index;
      native.dts = times.decodedAt;
      native.pts = times.shownAt;
      native.duration = times.duration;
      native.rescaleTs(TICK, stream.timeBase);
      check(await context.interleavedWriteFrame(native), 'interleavedWriteFrame');
    }
    check(await context.writeTrailer(), 'writeTrailer');
  } finally {
    await context.closeOutput();
    context.freeContext();
  }
}

/** Those of the stream with its true size, and the tag left to the container. */
function parametersOf({ parameters, codecId }: VideoStream, size: Size): CodecParameters {
  const own = new CodecParameters();
  own.alloc();
  if (parameters) check(parameters.copy(own), 'copy');
  own.codecType = AVMEDIA_TYPE_VIDEO;
  own.codecId = codecId;
  own.codecTag = 0;
  own.width = size.width;
  own.height = size.height;
  return own;
}

interface TimedPacket {
  packet: MediaPacket;
  /** Ticks. */
  decodedAt: bigint;
  shownAt: bigint;
  duration: bigint;
}

/** Times of decoding have to grow, and packets may come in together. */
function timed(packets: readonly MediaPacket[]): TimedPacket[] {
  const startMs = packets[0]?.captureTimeMs ?? 0;
  let last = -1n;
  const decoded = packets.map((packet) => {
    const ticks = toTicks(packet.captureTimeMs - startMs);
    last = ticks > last ? ticks : last + 1n;
    return last;
  });
  return packets.map((packet, index) => {
    const decodedAt = decoded[index] ?? 0n;
    const next = decoded[index + 1];
    const duration = next === undefined ? decodedAt - (decoded[index - 1] ?? decodedAt) : next - decodedAt;
    return { packet, decodedAt, shownAt: decodedAt + toTicks(packet.presentationDelayMs), duration };
  });
}

function toTicks(ms: number): bigint {
  return BigInt(Math.round((ms * TICKS_PER_SECOND) / 1000));
}

function check(code: number, step: string): void {
  FFmpegError.throwIfError(code, step);
}
