import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceSettings } from '@camfleet/domain';
import { httpGet } from '../http/http-get';
import { httpKindOf } from '../http/http-kind';
import { MjpegSource } from '../http/mjpeg-source';
import { SnapshotSource } from '../http/snapshot-source';
import { ffmpegInput } from './ffmpeg-options';
import { FfmpegSource } from './ffmpeg-source';
import { resolveMediaFile } from './media-file';
import type { MediaSource } from './media-source';
import { parseSource, type ParsedSource } from './parse-source';
import { fromSystemError, sourceError } from './source-failure';

const DEFAULT_TIMEOUT_MS = 8000;
/** An opening that was aborted has closed its connection by then; what hangs on waits for a name, and has none. */
const CLOSE_WITHIN_MS = 1_000;

export interface OpenSourceOptions {
  settings: SourceSettings;
  /** Where `file:` sources lie; without it there are none. */
  mediaDirectory?: string | undefined;
  /** Ends the opening, and later a pending read, at once. */
  signal?: AbortSignal;
  /** For the opening as a whole. Default 8 s. */
  timeoutMs?: number;
  /** Take the sound as well, to be able to say that there is any. Default false. */
  withAudio?: boolean;
}

interface Attempt {
  source: ParsedSource;
  timeoutMs: number;
  withAudio: boolean;
  signal: AbortSignal;
  /** Known already, from the first bytes. */
  format?: string | undefined;
}

/**
 * Opens a source of any kind.
 * @throws SourceError with the reason; the signal's own reason when it was aborted
 */
export async function openSource(options: OpenSourceOptions): Promise<MediaSource> {
  const { settings, mediaDirectory, signal, timeoutMs = DEFAULT_TIMEOUT_MS, withAudio = false } = options;
  signal?.throwIfAborted();
  let source = parseSource(settings);
  if (source.scheme === 'file') {
    source = { scheme: 'file', path: await resolveMediaFile(source.path, mediaDirectory) };
  }
  const attempt = new AbortController();
  const onAbort = () => attempt.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  const opening = openParsed({ source, timeoutMs, withAudio, signal: attempt.signal });
  const timer = new AbortController();
  try {
    const opened = await Promise.race([opening, deadline(timeoutMs, timer.signal), aborted(attempt.signal)]);
    if (opened) return opened;
    throw sourceError('SOURCE_TIMEOUT');
  } catch (error) {
    attempt.abort();
    // What hangs on (a name server that does not answer) is closed whenever it comes back.
    const closed = opening.then((late) => late.close()).catch(() => undefined);
    if (signal?.aborted) await Promise.race([closed, deadline(CLOSE_WITHIN_MS, timer.signal)]);
    signal?.throwIfAborted();
    throw fromSystemError(error);
  } finally {
    timer.abort();
  }
}

async function deadline(timeoutMs: number, signal: AbortSignal): Promise<undefined> {
  await sleep(timeoutMs, undefined, { signal }).catch(() => undefined);
  return undefined;
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

async function openParsed(attempt: Attempt): Promise<MediaSource> {
  const { source } = attempt;
  if (source.scheme === 'http' || source.scheme === 'https') return openHttp(attempt, source);
  return openFfmpeg(attempt, source.scheme === 'file' ? 'media-time' : 'arrival');
}

function openFfmpeg(attempt: Attempt, pacing: MediaSource['pacing']): Promise<MediaSource> {
  const { source, signal, format } = attempt;
  return FfmpegSource.open({
    input: { ...ffmpegInput(source, attempt), ...(format ? { format } : {}) },
    pacing,
    isLive: source.scheme !== 'file',
    signal,
  });
}

async function openHttp(
  attempt: Attempt,
  { url, credentials }: Extract<ParsedSource, { url: string }>,
): Promise<MediaSource> {
  const { signal } = attempt;
  const response = await httpGet(url, { credentials, signal });
  const found = await httpKindOf(response);
  switch (found.kind) {
    case 'mjpeg':
      return MjpegSource.open({ response, boundary: found.boundary, signal });
    case 'snapshot':
      return SnapshotSource.open({ response, url, credentials, signal });
    case 'container':
      response.destroy();
      return openFfmpeg({ ...attempt, format: found.format }, 'media-time');
    case 'none':
      response.destroy();
      throw sourceError('SOURCE_UNSUPPORTED', `The address gives ${found.what}, not video.`);
  }
}
