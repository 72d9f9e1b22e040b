import pino, { type Logger as PinoLogger } from 'pino';

export type Logger = PinoLogger;

/** What must never stand in a log, wherever it hangs in the logged object. */
const SECRET_PATHS = [
  'password',
  '*.password',
  'source.url',
  '*.source.url',
  'embedding',
  '*.embedding',
  'secret',
  '*.secret',
];

/**
 * JSON lines on standard output: an event name as the message, and fields.
 * `LOG_LEVEL` chooses the level (default `info`, `silent` for none).
 */
export function createLogger({
  service,
  level = process.env.LOG_LEVEL || 'info',
}: {
  service: string;
  level?: string;
}): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[hidden]' },
    serializers: { err: pino.stdSerializers.err },
  });
}
