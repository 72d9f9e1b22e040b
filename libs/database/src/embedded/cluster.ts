import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { explain } from './embedded-error';
import type { Layout } from './layout';

export const DATABASE_USER = 'camfleet';

/** Where the binaries find their libraries. */
export function environmentOf({ binaries }: Layout): NodeJS.ProcessEnv {
  const libraries = join(binaries, 'lib');
  return { PATH: process.env.PATH, LC_ALL: 'C', LD_LIBRARY_PATH: libraries, DYLD_LIBRARY_PATH: libraries };
}

/** Makes the cluster when there is none; one that was begun and not finished is begun anew. Answers its password. */
export async function prepareCluster(layout: Layout, dataDirectory: string): Promise<string> {
  const password = readOrMakePassword(join(dataDirectory, 'postgres.password'));
  if (existsSync(join(layout.cluster, 'PG_VERSION'))) return password;
  const part = `${layout.cluster}.part`;
  const passwordFile = `${layout.cluster}.initial-password`;
  try {
    rmSync(part, { recursive: true, force: true });
    mkdirSync(dirname(part), { recursive: true });
    mkdirSync(part, { mode: 0o700 });
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (layout.account) {
      chownSync(part, layout.account.uid, layout.account.gid);
      chownSync(passwordFile, layout.account.uid, layout.account.gid);
    }
    await initialise(layout, { part, passwordFile });
    renameSync(part, layout.cluster);
    return password;
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    throw explain({ text: textOf(cause), directory: dataDirectory, cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

async function initialise(
  layout: Layout,
  { part, passwordFile }: { part: string; passwordFile: string },
): Promise<void> {
  const args = [
    '--auth=scram-sha-256',
    `--username=${DATABASE_USER}`,
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
  ];
  await promisify(execFile)(
    join(layout.binaries, 'bin/initdb'),
    [...args, '--locale=C', '--no-instructions', '-D', part],
    {
      cwd: layout.binaries,
      env: environmentOf(layout),
      ...layout.account,
    },
  );
}

function readOrMakePassword(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** A system's error with what the program printed. */
function textOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'stderr' in error ? `${error.message}\n${String(error.stderr)}` : error.message;
}
