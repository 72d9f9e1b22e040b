import { codeInWords } from './error-words';

/** No answer came: the server is down, unreachable, or answered something that is not Camfleet's. */
export const OFFLINE = 'OFFLINE';
/** The server answered, but not in the shape that this dashboard knows. */
export const UNEXPECTED_ANSWER = 'UNEXPECTED_ANSWER';

/** A call that failed: a stable code, a sentence for people, and what the server added. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly details: unknown;

  constructor(
    readonly code: string,
    message: string,
    options: { status?: number; details?: unknown; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = options.status ?? 0;
    this.details = options.details;
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}

/** What to tell a person about any thrown value. */
export function errorInWords(error: unknown): string {
  if (isApiError(error)) return codeInWords(error.code, error.message) ?? error.message;
  return error instanceof Error ? error.message : 'Something went wrong.';
}
