import { ConfigError } from '@camfleet/config';

/** A start that failed, as the lines to print: one plain sentence each. */
export function inPlainWords(
  error: unknown,
  context: { port: number; dataDirectory: string },
): readonly string[] {
  if (error instanceof ConfigError) return error.lines;
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return [
        `Port ${context.port} is taken by another program: set PORT to a free one, or end that program.`,
      ];
    case 'EACCES':
      return isListen(error)
        ? [`This account may not open port ${context.port}: set PORT to one above 1023.`]
        : [
            `The folder ${context.dataDirectory} cannot be written by this account: set DATA_DIR to one that can.`,
          ];
    case 'ENOTDIR':
      return [`${context.dataDirectory} is, or lies in, a file: set DATA_DIR to a folder.`];
    case 'ENOENT':
    case 'EROFS':
    case 'EPERM':
      return [
        `The folder ${context.dataDirectory} cannot be written by this account: set DATA_DIR to one that can.`,
      ];
    case 'ENOSPC':
    case 'EDQUOT':
      return [`The disk of ${context.dataDirectory} is full.`];
    default:
      return [error instanceof Error ? error.message : String(error)];
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

function isListen(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'listen';
}
