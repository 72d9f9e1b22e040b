import { LinkedAbort } from '@camfleet/domain';
import { VideoDecoder } from '../decoding/video-decoder';
import { FfmpegSource } from '../sources/ffmpeg-source';
import { ffmpegInput } from '../sources/ffmpeg-options';
import type { Rotation } from '../sources/media-source';
import { sourceError } from '../sources/source-failure';

export interface InspectFileOptions {
  /** Absolute; trusted: whoever calls has chosen it. */
  path: string;
  signal?: AbortSignal;
  /** Default 10 s. */
  timeoutMs?: number;
}

export interface FileInspection {
  /** FFmpeg's name of the container: `mov,mp4,m4a,3gp,3g2,mj2`, `matroska,webm`, … */
  container: string;
  codec: string;
  /** Upright, with square pixels, of the first picture. */
  width: number;
  height: number;
  /** 0 when the file claims none. */
  fps: number;
  /** As the container claims; 0 when it claims none. Not to be relied on for bounds. */
  durationMs: number;
  hasAudio: boolean;
  /** Clockwise degrees; already taken into account in width and height. */
  rotation: Rotation;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const MAX_PACKETS = 600;

/**
 * What a video file is. Opens no address that the file may name, decodes one picture to see that there is one.
 * @throws SourceError `SOURCE_UNSUPPORTED`, `SOURCE_NOT_FOUND`, `SOURCE_TIMEOUT`
 */
export async function inspectFile({ path, signal, timeoutMs }: InspectFileOptions): Promise<FileInspection> {
  const time = AbortSignal.timeout(timeoutMs ?? DEFAULT_TIMEOUT_MS);
  using linked = new LinkedAbort([time, ...(signal ? [signal] : [])]);
  const input = ffmpegInput({ scheme: 'file', path }, { timeoutMs: 0, withAudio: true });
  try {
    const source = await FfmpegSource.open({
      input,
      pacing: 'media-time',
      isLive: false,
      signal: linked.signal,
    });
    try {
      const { video, container, durationMs } = source;
      const size = await firstSize(source);
      const { codec, fps = 0, hasAudio, rotation } = video;
      return { container, codec, ...size, fps, durationMs, hasAudio, rotation };
    } finally {
      await source.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw time.aborted ? sourceError('SOURCE_TIMEOUT', 'The file takes too long to read.') : error;
  }
}

async function firstSize(source: FfmpegSource): Promise<{ width: number; height: number }> {
  const decoder = await VideoDecoder.open(source.video, { hardware: 'off' });
  try {
    for (let packets = 0; packets < MAX_PACKETS; packets += 1) {
      const packet = await source.read();
      const frames = packet ? await decoder.decode(packet) : await decoder.drain();
      packet?.release();
      const [size] = frames.map(({ display }) => display);
      for (const frame of frames) frame.release();
      if (size) return size;
      if (!packet) break;
    }
  } finally {
    await decoder.close();
  }
  throw sourceError('SOURCE_UNSUPPORTED', 'The file has no picture that can be decoded.');
}
