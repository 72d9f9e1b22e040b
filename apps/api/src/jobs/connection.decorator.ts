import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How a worker reached this replica. */
export interface WorkerConnection {
  /** `http://host`; behind a trusted proxy: as it reached that. */
  origin: string;
  /** Aborts when it has gone, or has its answer. */
  signal: AbortSignal;
}

export const Connection = createParamDecorator(
  (_data: unknown, context: ExecutionContext): WorkerConnection => {
    const { protocol, host } = context.switchToHttp().getRequest<FastifyRequest>();
    const closed = new AbortController();
    context
      .switchToHttp()
      .getResponse<FastifyReply>()
      .raw.once('close', () => closed.abort());
    return { origin: `${protocol}://${host}`, signal: closed.signal };
  },
);
