import {
  AVERROR_BSF_NOT_FOUND,
  AVERROR_DECODER_NOT_FOUND,
  AVERROR_DEMUXER_NOT_FOUND,
  AVERROR_EOF,
  AVERROR_EXIT,
  AVERROR_HTTP_BAD_REQUEST,
  AVERROR_HTTP_FORBIDDEN,
  AVERROR_HTTP_NOT_FOUND,
  AVERROR_HTTP_OTHER_4XX,
  AVERROR_HTTP_SERVER_ERROR,
  AVERROR_HTTP_UNAUTHORIZED,
  AVERROR_INVALIDDATA,
  AVERROR_PATCHWELCOME,
  AVERROR_PROTOCOL_NOT_FOUND,
  AVERROR_STREAM_NOT_FOUND,
} from 'node-av';
import { SourceError, type SourceErrorCode } from '@camfleet/domain';

/** What the user reads; every code has its sentence. None names an address or a password. */
const SENTENCES: Record<SourceErrorCode, string> = {
  SOURCE_UNAUTHORIZED: 'The camera refuses the user name or password.',
  SOURCE_NOT_FOUND: 'The camera answers, but has nothing at this path.',
  SOURCE_UNSUPPORTED: 'What the source sends is not video that can be read.',
  SOURCE_INVALID: 'The address of the source is not valid.',
  SOURCE_UNREACHABLE: 'The camera cannot be reached.',
  SOURCE_TIMEOUT: 'The camera did not answer in time.',
  SOURCE_ENDED: 'The source ended.',
  DEVICE_BUSY: 'The device is in use by another program.',
};

/** POSIX error numbers of Linux, as FFmpeg hands them on (negated). */
const POSIX: Record<number, SourceErrorCode> = {
  1: 'SOURCE_UNAUTHORIZED', // EPERM
  2: 'SOURCE_NOT_FOUND', // ENOENT
  5: 'SOURCE_UNREACHABLE', // EIO: FFmpeg's answer to an unknown host name
  6: 'SOURCE_NOT_FOUND', // ENXIO
  12: 'SOURCE_UNSUPPORTED', // ENOMEM
  13: 'SOURCE_UNAUTHORIZED', // EACCES
  16: 'DEVICE_BUSY', // EBUSY
  19: 'SOURCE_NOT_FOUND', // ENODEV
  22: 'SOURCE_UNSUPPORTED', // EINVAL
  32: 'SOURCE_UNREACHABLE', // EPIPE
  101: 'SOURCE_UNREACHABLE', // ENETUNREACH
  103: 'SOURCE_UNREACHABLE', // ECONNABORTED
  104: 'SOURCE_UNREACHABLE', // ECONNRESET
  110: 'SOURCE_TIMEOUT', // ETIMEDOUT
  111: 'SOURCE_UNREACHABLE', // ECONNREFUSED
  113: 'SOURCE_UNREACHABLE', // EHOSTUNREACH
};

const FFMPEG = new Map<number, SourceErrorCode>([
  [AVERROR_HTTP_UNAUTHORIZED, 'SOURCE_UNAUTHORIZED'],
  [AVERROR_HTTP_FORBIDDEN, 'SOURCE_UNAUTHORIZED'],
  [AVERROR_HTTP_NOT_FOUND, 'SOURCE_NOT_FOUND'],
  [AVERROR_HTTP_BAD_REQUEST, 'SOURCE_INVALID'],
  [AVERROR_HTTP_OTHER_4XX, 'SOURCE_UNREACHABLE'],
  [AVERROR_HTTP_SERVER_ERROR, 'SOURCE_UNREACHABLE'],
  [AVERROR_EXIT, 'SOURCE_TIMEOUT'],
  [AVERROR_EOF, 'SOURCE_ENDED'],
  [AVERROR_INVALIDDATA, 'SOURCE_UNSUPPORTED'],
  [AVERROR_PATCHWELCOME, 'SOURCE_UNSUPPORTED'],
  [AVERROR_DEMUXER_NOT_FOUND, 'SOURCE_UNSUPPORTED'],
  [AVERROR_DECODER_NOT_FOUND, 'SOURCE_UNSUPPORTED'],
  [AVERROR_BSF_NOT_FOUND, 'SOURCE_UNSUPPORTED'],
  [AVERROR_PROTOCOL_NOT_FOUND, 'SOURCE_UNSUPPORTED'],
  [AVERROR_STREAM_NOT_FOUND, 'SOURCE_UNSUPPORTED'],
]);

/** A SourceError with the sentence of its code, or with a more exact one. */
export function sourceError(code: SourceErrorCode, sentence = SENTENCES[code]): SourceError {
  return new SourceError(code, sentence);
}

/** What a negative answer of FFmpeg means for a source. What is unknown counts as unreachable: it is retried. */
export function fromFfmpegCode(code: number): SourceError {
  return sourceError(FFMPEG.get(code) ?? POSIX[-code] ?? 'SOURCE_UNREACHABLE');
}

/** What an HTTP status (400 and over) means for a source; undefined when it is no failure. */
export function fromHttpStatus(status: number): SourceError | undefined {
  if (status < 400) return undefined;
  if (status === 401 || status === 403 || status === 407) return sourceError('SOURCE_UNAUTHORIZED');
  if (status === 404 || status === 410) return sourceError('SOURCE_NOT_FOUND');
  if (status === 400 || status === 405 || status === 414) return sourceError('SOURCE_INVALID');
  if (status === 408 || status === 504) return sourceError('SOURCE_TIMEOUT');
  return sourceError('SOURCE_UNREACHABLE', `The camera answers with an error (HTTP ${status}).`);
}

const SYSTEM_CODES: Record<string, SourceErrorCode> = {
  ENOENT: 'SOURCE_NOT_FOUND',
  ENOTDIR: 'SOURCE_NOT_FOUND',
  ENAMETOOLONG: 'SOURCE_NOT_FOUND',
  ELOOP: 'SOURCE_INVALID',
  EACCES: 'SOURCE_UNAUTHORIZED',
  EPERM: 'SOURCE_UNAUTHORIZED',
  EBUSY: 'DEVICE_BUSY',
  ETIMEDOUT: 'SOURCE_TIMEOUT',
  ESOCKETTIMEDOUT: 'SOURCE_TIMEOUT',
};

/** What an error of node's file system or network means for a source. */
export function fromSystemError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code.startsWith('HPE_'))
    return sourceError('SOURCE_UNSUPPORTED', 'The camera does not speak HTTP here.');
  return sourceError(SYSTEM_CODES[code] ?? 'SOURCE_UNREACHABLE');
}
