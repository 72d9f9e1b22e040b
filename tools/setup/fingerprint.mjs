import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './run.mjs';

const GROUPS = ['libs', 'apps', 'tools'];
const SHARED = ['prisma', 'prisma.config.ts', 'package-lock.json', 'nx.json', '.swcrc'];
/** Made by the build. */
const SKIPPED = new Set(['node_modules', 'dist', 'generated']);

/** Paths, sizes and times of all that is built from: another one when anything was edited, added or deleted. */
export function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const stats = statSync(join(ROOT, path), { throwIfNoEntry: false });
    if (!stats) return;
    if (!stats.isDirectory()) return void hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`);
    for (const name of readdirSync(join(ROOT, path)).sort()) if (!SKIPPED.has(name)) add(join(path, name));
  };
  for (const path of [...GROUPS, ...SHARED]) add(path);
  return hash.digest('hex');
}

/** True when every package that has sources has a build. */
export function isBuilt() {
  return GROUPS.flatMap((group) => readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name)))
    .filter((path) => existsSync(join(path, 'package.json')) && existsSync(join(path, 'src')))
    .every((path) => existsSync(join(path, 'dist')));
}
