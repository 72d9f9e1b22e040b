import {
  AV_CODEC_ID_HEVC,
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
import { clipTimes } from './clip-times';

export interface ClipContent {
  /** Of one stream and in the order of their decoding, the first a keyframe. They stay the caller's. */
  packets: readonly MediaPacket[];
  /** Coded pixels: streams do not always say it before their first picture. */
  size: Size;
}

const TICKS_PER_SECOND = 90_000;
/** As the four bytes of a tag are read. */
const HVC1 = Buffer.from('hvc1').readUInt32LE();
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
    for (const { packet, ...times } of clipTimes(packets, TICKS_PER_SECOND)) {
      using native = packet.cloneNative();
      native.streamIndex = stream.index;
      native.dts = BigInt(times.decodedAt);
      native.pts = BigInt(times.shownAt);
      native.duration = BigInt(times.duration);
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
  // Players of Apple's, and browsers that have HEVC, want this one of its two tags.
  own.codecTag = codecId === AV_CODEC_ID_HEVC ? HVC1 : 0;
  own.width = size.width;
  own.height = size.height;
  return own;
}

function check(code: number, step: string): void {
  FFmpegError.throwIfError(code, step);
}
