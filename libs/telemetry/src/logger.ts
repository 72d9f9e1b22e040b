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

export interface LoggerOptions {
  service: string;
  /** Default: `LOG_LEVEL`, else `info`; `silent` for none. */
  level?: string;
  /** Append to this file. Default: `LOG_FILE`, else standard output. */
  file?: string;
}

/** JSON lines: an event name as the message, and fields. */
export function createLogger({
  service,
  level = process.env.LOG_LEVEL || 'info',
  file = process.env.LOG_FILE || undefined,
}: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[hidden]' },
    serializers: { err: pino.stdSerializers.err },
  };
  // Synchronous: the last lines before a crash are the ones that matter.
  return pino(options, pino.destination({ dest: file ?? 1, sync: true }));
}
