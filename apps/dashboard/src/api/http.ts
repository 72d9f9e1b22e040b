import { ErrorBody } from '@camfleet/protocol';
import type { z } from 'zod';
import { ApiError, OFFLINE, UNEXPECTED_ANSWER } from './api-error';

export interface Call<Schema extends z.ZodType> {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON; a form goes as it is. */
  body?: unknown;
  /** What the answer must look like; left out for calls that answer nothing. */
  answer?: Schema;
  signal?: AbortSignal;
}

/** Far longer than any answer takes; a server that froze gives none, and a button would turn for ever. */
const ANSWER_TIMEOUT_MS = 60_000;
const ALIVE_TIMEOUT_MS = 8_000;

/** Whether the server says that it lives. */
export function isServerAlive(): Promise<boolean> {
  return fetch('/healthz', { cache: 'no-store', signal: AbortSignal.timeout(ALIVE_TIMEOUT_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/**
 * Calls the API on this page's own origin with the session's cookie.
 * @throws {ApiError} with the server's code, `OFFLINE` or `UNEXPECTED_ANSWER`
 */
export async function call<Schema extends z.ZodType>(
  path: string,
  options: Call<Schema> = {},
): Promise<z.output<Schema>> {
  const { method = 'GET', body, answer, signal } = options;
  const tooLate = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  const response = await fetch(path, {
    method,
    signal: signal ? AbortSignal.any([signal, tooLate]) : tooLate,
    headers: {
      accept: 'application/json',
      // The browser itself writes a form's type, with its boundary.
      ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : body instanceof FormData ? body : JSON.stringify(body),
  }).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw new ApiError(OFFLINE, 'The server cannot be reached.', { cause });
  });
  const parsed = await response.json().catch(() => undefined);
  if (!response.ok) throw errorOf(response.status, parsed);
  // Without a schema the answer is of no interest.
  if (!answer) return undefined as z.output<Schema>;
  const checked = answer.safeParse(parsed);
  if (checked.success) return checked.data;
  throw new ApiError(UNEXPECTED_ANSWER, `${method} ${path} gave an unexpected answer.`, {
    status: response.status,
    cause: checked.error,
  });
}

function errorOf(status: number, body: unknown): ApiError {
  const known = ErrorBody.safeParse(body);
  if (known.success) {
    const { code, message, details } = known.data.error;
    return new ApiError(code, message, { status, details });
  }
  // A proxy in front of a server that is down answers 502 to 504 with a page of its own.
  if (status >= 502 && status <= 504)
    return new ApiError(OFFLINE, 'The server cannot be reached.', { status });
  return new ApiError(UNEXPECTED_ANSWER, `The server answered ${status}.`, { status });
}

/** `{ a: 1, b: undefined }` → `?a=1`. */
export function queryString(params: Readonly<Record<string, string | number | undefined>>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return text && `?${text}`;
}
