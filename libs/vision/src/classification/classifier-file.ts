import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { CatalogueError } from '../models/catalogue';
import { ClassifierEntry } from '../models/entry';

const ClassifierFile = z.strictObject({
  classifiers: z.array(z.record(z.string(), z.unknown())).min(1).max(8),
});

/**
 * A user's classifiers: JSON, `{ "classifiers": [{ "variant": "baseline", "source": …, "heads": … }, …] }`; paths in it
 * are from its folder. `docs/guides/snapshot-pipeline.md` has the fields.
 * @throws CatalogueError, one line for each mistake
 */
export async function readClassifiers(path: string | undefined): Promise<readonly ClassifierEntry[]> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CatalogueError([`CLASSIFIERS: ${path} cannot be read.`]);
  });
  return parseClassifiers(text, path);
}

/** @throws CatalogueError */
export function parseClassifiers(text: string, path: string): readonly ClassifierEntry[] {
  const where = `CLASSIFIERS: ${path}`;
  const file = ClassifierFile.safeParse(jsonOf(text));
  if (!file.success)
    throw new CatalogueError([`${where}: must look like { "classifiers": [{ "variant": "…", … }, …] }.`]);
  const lines: string[] = [];
  const entries: ClassifierEntry[] = [];
  file.data.classifiers.forEach(({ variant, ...said }, index) => {
    const label = `${where}: ${typeof variant === 'string' ? `"${variant}"` : `classifier ${index + 1}`}`;
    const entry = ClassifierEntry.safeParse({ name: variant, ...said, id: variant, kind: 'classifier' });
    if (!entry.success)
      return void lines.push(
        ...entry.error.issues.map((issue) => `${label}: ${fieldOf(issue.path)}: ${issue.message}`),
      );
    if (entries.some(({ id }) => id === variant)) lines.push(`${label}: variant: stands there twice.`);
    lines.push(...mistakesIn(entry.data).map((mistake) => `${label}: ${mistake}`));
    entries.push(withAbsolutePath(entry.data, dirname(path)));
  });
  if (lines.length > 0) throw new CatalogueError(lines);
  return entries;
}

function fieldOf(path: readonly PropertyKey[]): string {
  return path.map((part) => (part === 'id' ? 'variant' : String(part))).join('.');
}

/** What each field allows and all of them together do not. */
function mistakesIn({ heads, taxonomy = {} }: ClassifierEntry): string[] {
  const mistakes: string[] = [];
  if (Object.keys(heads).length === 0) mistakes.push('heads: there is none.');
  if (heads.plate && heads.plate.blank >= [...heads.plate.alphabet].length)
    mistakes.push('heads.plate.blank: is no index of the alphabet.');
  const unknown = (head: 'type' | 'make' | 'model', names: readonly string[]) => {
    const known = heads[head]?.labels ?? [];
    for (const name of new Set(names))
      if (!known.includes(name)) mistakes.push(`taxonomy: "${name}" is no label of heads.${head}.`);
  };
  const makes = Object.values(taxonomy);
  unknown('type', Object.keys(taxonomy));
  unknown('make', makes.flatMap(Object.keys));
  unknown(
    'model',
    makes.flatMap((models) => Object.values(models).flat()),
  );
  return mistakes;
}

function withAbsolutePath(entry: ClassifierEntry, folder: string): ClassifierEntry {
  if (entry.source.type !== 'file') return entry;
  return { ...entry, source: { ...entry.source, path: resolve(folder, entry.source.path) } };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
