import { LinkedAbort, type SourceSettings } from '@camfleet/domain';
import { VideoDecoder } from '../decoding/video-decoder';
import type { VideoFrame } from '../decoding/video-frame';
import { JpegEncoder } from '../pictures/jpeg-encoder';
import { PictureScaler } from '../pictures/picture-scaler';
import { fitWidth } from '../pictures/picture-size';
import type { MediaSource } from '../sources/media-source';
import { openSource } from '../sources/open-source';
import { sourceError } from '../sources/source-failure';

export interface ProbeSourceOptions {
  settings: SourceSettings;
  mediaDirectory?: string | undefined;
  signal?: AbortSignal;
  /** For all of it. Default 10 s. */
  timeoutMs?: number;
}

export interface SourceProbe {
  codec: string;
  /** Upright, with square pixels. */
  width: number;
  height: number;
  /** As the source claims, else as counted over up to a second. */
  fps: number;
  hasAudio: boolean;
  /** JPEG, at most 640 wide. */
  snapshot: Buffer;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const COUNTING_MS = 1000;
const MAX_PACKETS = 2000;

/**
 * Opens a source, decodes its first picture and closes it again.
 * @throws SourceError with the reason; the signal's own when it was aborted
 */
export async function probeSource(options: ProbeSourceOptions): Promise<SourceProbe> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, settings, mediaDirectory } = options;
  const time = AbortSignal.timeout(timeoutMs);
  using linked = new LinkedAbort([time, ...(signal ? [signal] : [])]);
  try {
    const source = await openSource({
      settings,
      mediaDirectory,
      signal: linked.signal,
      timeoutMs,
      withAudio: true,
    });
    const close = () => void source.close();
    linked.signal.addEventListener('abort', close, { once: true });
    try {
      return await look(source);
    } finally {
      linked.signal.removeEventListener('abort', close);
      await source.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw time.aborted ? sourceError('SOURCE_TIMEOUT') : error;
  }
}

async function look(source: MediaSource): Promise<SourceProbe> {
  const decoder = await VideoDecoder.open(source.video, { hardware: 'off' });
  let first: VideoFrame | undefined;
  const arrivals: number[] = [];
  const startMs = performance.now();
  try {
    for (let packets = 0; packets < MAX_PACKETS; packets += 1) {
      const packet = await source.read();
      arrivals.push(performance.now());
      const frames = packet ? await decoder.decode(packet) : await decoder.drain();
      packet?.release();
      for (const frame of frames) {
        if (first) frame.release();
        else first = frame;
      }
      const isCounted = source.video.fps !== undefined || performance.now() - startMs > COUNTING_MS;
      if (!packet || (first && isCounted)) break;
    }
    if (!first) throw sourceError('SOURCE_UNSUPPORTED', 'The source sends no picture that can be decoded.');
    return await describe(source, first, rate(arrivals));
  } finally {
    first?.release();
    await decoder.close();
  }
}

function rate(arrivals: readonly number[]): number {
  const spanMs = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0);
  return spanMs > 0 ? ((arrivals.length - 1) * 1000) / spanMs : 0;
}

async function describe({ video }: MediaSource, frame: VideoFrame, counted: number): Promise<SourceProbe> {
  const scaler = new PictureScaler();
  const encoder = new JpegEncoder();
  try {
    using picture = await scaler.toYuv(frame, fitWidth(frame.display, 640));
    return {
      codec: video.codec,
      ...frame.display,
      fps: Math.round((video.fps ?? counted) * 100) / 100,
      hasAudio: video.hasAudio,
      snapshot: await encoder.encode(picture),
    };
  } finally {
    scaler.close();
    encoder.close();
  }
}
