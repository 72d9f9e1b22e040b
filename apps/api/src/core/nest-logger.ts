import type { Logger } from '@camfleet/telemetry';
import type { LoggerService } from '@nestjs/common';

/** Nest's own messages, as lines of our log; its start-up chatter on debug. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context, message }, 'nest');
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context, message }, 'nest');
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack, message }, 'nest');
  }
}
