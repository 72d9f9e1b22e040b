/** Where a camera's video is pulled from, password included: never logged, never sent to a browser. */
export interface SourceSettings {
  url: string;
  username?: string;
  password?: string;
  /** RTSP only. Default `tcp`. */
  transport?: 'tcp' | 'udp';
  /** The device allows one reader at a time. */
  exclusive?: boolean;
  /** `file:` only: begin again at the end. */
  loop?: boolean;
  /** `file:` only: stop after this many frames, with the reason `MAX_FRAMES`. */
  maxFrames?: number;
}

export const SOURCE_SCHEMES = ['rtsp', 'rtsps', 'http', 'https', 'rtmp', 'file', 'device'] as const;
export type SourceScheme = (typeof SOURCE_SCHEMES)[number];

/** Why a source gives no video. The first four are not cured by trying again at once. */
export const SOURCE_ERROR_CODES = [
  'SOURCE_UNAUTHORIZED',
  'SOURCE_NOT_FOUND',
  'SOURCE_UNSUPPORTED',
  'SOURCE_INVALID',
  'SOURCE_UNREACHABLE',
  'SOURCE_TIMEOUT',
  'SOURCE_ENDED',
  'DEVICE_BUSY',
] as const;
export type SourceErrorCode = (typeof SOURCE_ERROR_CODES)[number];

const INCURABLE: ReadonlySet<SourceErrorCode> = new Set([
  'SOURCE_UNAUTHORIZED',
  'SOURCE_NOT_FOUND',
  'SOURCE_UNSUPPORTED',
  'SOURCE_INVALID',
]);

/** True when retrying soon is useless: the stream is `failed` and retried slowly. */
export function isIncurable(code: SourceErrorCode): boolean {
  return INCURABLE.has(code);
}

export class SourceError extends Error {
  override readonly name = 'SourceError';

  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
