export type EmbeddedPostgresErrorCode =
  'DATA_DIRECTORY_NOT_WRITABLE' | 'DISK_FULL' | 'DATABASE_DID_NOT_START' | 'DATABASE_BINARIES_MISSING';

/** Why the embedded database does not run, in one plain sentence. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What PostgreSQL printed, or a system's error, as one of ours. */
export function explain(problem: {
  text: string;
  directory: string;
  cause?: unknown;
}): EmbeddedPostgresError {
  const { text, directory, cause } = problem;
  if (/no space left on device|ENOSPC|disk quota exceeded/i.test(text))
    return new EmbeddedPostgresError('DISK_FULL', `The disk of ${directory} is full.`, { cause });
  if (/permission denied|EACCES|EPERM|EROFS|read-only file system/i.test(text))
    return new EmbeddedPostgresError(
      'DATA_DIRECTORY_NOT_WRITABLE',
      `The folder ${directory} cannot be written.`,
      { cause },
    );
  const lastLine = text.trim().split('\n').at(-1) ?? '';
  return new EmbeddedPostgresError(
    'DATABASE_DID_NOT_START',
    `The embedded database did not start: ${lastLine}`,
    { cause },
  );
}
