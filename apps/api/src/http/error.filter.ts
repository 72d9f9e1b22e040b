import { CamfleetError, ERROR_STATUS, type ErrorCode } from '@camfleet/domain';
import type { ErrorBody } from '@camfleet/protocol';
import { ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ZodValidationException } from 'nestjs-zod';
import { z } from 'zod';
import { API_OPTIONS, type ApiOptions } from '../core/api-options';
import { isDatabaseUnavailable } from './database-errors';

/** The code for an HTTP status that the framework itself answers with. */
const CODE_OF_STATUS: Readonly<Record<number, ErrorCode>> = {
  400: 'VALIDATION_FAILED',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  413: 'BODY_TOO_LARGE',
  // An id longer than any names nothing.
  414: 'NOT_FOUND',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  429: 'TOO_MANY_REQUESTS',
};

/** Every failure becomes `{ error: { code, message, details? } }`, with a code of the one list. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(API_OPTIONS) private readonly options: ApiOptions) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const error = toCamfleetError(exception);
    if (error.code === 'INTERNAL_ERROR') this.options.logger.error({ err: exception }, 'request.failed');
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    if (error.code === 'TOO_MANY_REQUESTS' && isRetryAfter(error.details))
      void reply.header('Retry-After', String(error.details.retryAfterSeconds));
    // Whatever type the answer would have had.
    void reply.status(ERROR_STATUS[error.code]).type('application/json').send(errorBody(error));
  }
}

export function errorBody({ code, message, details }: CamfleetError): ErrorBody {
  return { error: { code, message, ...(details !== undefined && { details }) } };
}

export function toCamfleetError(exception: unknown): CamfleetError {
  if (exception instanceof CamfleetError) return exception;
  if (exception instanceof ZodValidationException) return validationError(exception.getZodError());
  if (exception instanceof z.ZodError) return validationError(exception);
  if (isDatabaseUnavailable(exception))
    return new CamfleetError('DATABASE_UNAVAILABLE', 'The database does not answer.', { cause: exception });
  const status = statusOf(exception);
  const code = status === undefined ? undefined : CODE_OF_STATUS[status];
  if (code && exception instanceof Error)
    return new CamfleetError(code, exception.message, { cause: exception });
  return new CamfleetError('INTERNAL_ERROR', 'Something went wrong here; the log says what.', {
    cause: exception,
  });
}

function validationError(error: unknown): CamfleetError {
  const issues = error instanceof z.ZodError ? error.issues : [];
  const details = issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  const first = details[0];
  const message = first
    ? [first.path, first.message].filter(Boolean).join(': ')
    : 'The request is not valid.';
  return new CamfleetError('VALIDATION_FAILED', message, { details });
}

function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (typeof exception === 'object' && exception !== null && 'statusCode' in exception)
    return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
  return undefined;
}

function isRetryAfter(details: unknown): details is { retryAfterSeconds: number } {
  return typeof details === 'object' && details !== null && 'retryAfterSeconds' in details;
}
