/** Codes of Prisma, PostgreSQL and sockets that say: nobody answers there now. */
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'EPIPE',
  'ENOENT',
  'DatabaseNotReachable',
  'ConnectionClosed',
  'SocketTimeout',
]);

const UNAVAILABLE_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|can't reach database|server has closed the connection|not queryable|query read timeout/i;

/** True when `error`, or what caused it, says that the database is away (and not that a query is wrong). */
export function isDatabaseUnavailable(error: unknown, depth = 0): boolean {
  if (typeof error !== 'object' || error === null || depth > 4) return false;
  const fields = error as {
    code?: unknown;
    kind?: unknown;
    message?: unknown;
    cause?: unknown;
    meta?: unknown;
  };
  if (typeof fields.code === 'string' && UNAVAILABLE_CODES.has(fields.code) && fromDatabase(error, depth))
    return true;
  if (typeof fields.kind === 'string' && UNAVAILABLE_CODES.has(fields.kind)) return true;
  if (typeof fields.message === 'string' && UNAVAILABLE_MESSAGE.test(fields.message)) return true;
  const meta = fields.meta as { driverAdapterError?: unknown } | undefined;
  return (
    isDatabaseUnavailable(fields.cause, depth + 1) ||
    isDatabaseUnavailable(meta?.driverAdapterError, depth + 1)
  );
}

/** A socket's code alone may come from anywhere; under Prisma's error it comes from the database. */
function fromDatabase(error: object, depth: number): boolean {
  return depth > 0 || error.constructor.name.startsWith('Prisma') || 'severity' in error;
}
