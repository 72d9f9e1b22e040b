import type { IncomingMessage, ServerResponse } from 'node:http';
import { CamfleetError, ERROR_STATUS, type ErrorCode } from '@camfleet/domain';

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': text.length });
  response.end(text);
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_STATUS;
}

/** The error that a client is told for whatever was thrown; unknown things become `INTERNAL_ERROR`. */
export function toCamfleetError(error: unknown): CamfleetError {
  if (error instanceof CamfleetError) return error;
  if (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    isErrorCode(error.code)
  ) {
    return new CamfleetError(error.code, error.message, { cause: error });
  }
  return new CamfleetError('INTERNAL_ERROR', 'The worker could not do this.', { cause: error });
}

export function sendError(response: ServerResponse, error: CamfleetError): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  sendJson(response, error.status, {
    error: { code: error.code, message: error.message, ...(error.details ? { details: error.details } : {}) },
  });
}

/** Throws `BODY_TOO_LARGE`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) throw new CamfleetError('BODY_TOO_LARGE', `At most ${maxBytes} bytes are taken.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
