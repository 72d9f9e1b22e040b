import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ChosenModels, DEFAULT_MODELS, entriesOf, modelPath } from '../models/catalogue';
import type { CatalogueEntry, ClassifierEntry } from '../models/entry';
import { type FetchOptions, sha256Of } from '../models/fetch-files';
import { fetchSources } from '../models/fetch-models';
import { NO_TELEMETRY } from './job-thread';
import { modelRefused, VisionError } from './vision-error';

/** Compiled, also when this file itself runs from `src`. */
const ENTRY = join(__dirname, '..', '..', 'dist', 'runtime', 'check-cli.js');
const CHECK_TIMEOUT_MS = 60_000;

/**
 * Makes sure, before a camera runs, that chosen models can be used: fetches those that are missing, loads each and
 * compares it with its entry. In a process of its own, whose memory is given back. Camfleet's own choice is known to
 * fit when its hashes do; where a file of it is missing, a worker shows video all the same.
 * @throws VisionError `MODEL_MISSING`, `MODEL_INVALID`, `VISION_START_FAILED`, ModelFetchError: each one line
 */
export async function prepareModels({
  models,
  ...options
}: FetchOptions & { models: ChosenModels }): Promise<void> {
  const { directory } = options;
  const own = new Set(entriesOf(DEFAULT_MODELS).map((entry) => JSON.stringify(entry)));
  const chosen = entriesOf(models).filter((entry) => !own.has(JSON.stringify(entry)));
  await checkHashes(
    entriesOf(models).filter((entry) => !chosen.includes(entry)),
    directory,
  );
  // What is converted is made, and checked, when it is first needed.
  const ready = chosen.filter(({ format }) => format === 'onnx');
  await prepareEntries(ready, options);
}

/** The same of a user's classifiers. @throws as `prepareModels` */
export function prepareClassifiers({
  classifiers,
  ...options
}: FetchOptions & { classifiers: readonly ClassifierEntry[] }): Promise<void> {
  return prepareEntries(classifiers, options);
}

async function prepareEntries(ready: readonly CatalogueEntry[], options: FetchOptions): Promise<void> {
  const { directory } = options;
  if (ready.length === 0) return;
  await fetchSources(
    ready.map(({ source }) => source),
    options,
  );
  const missing = ready.find((entry) => !existsSync(modelPath(entry, directory)));
  if (missing) {
    const path = modelPath(missing, directory);
    throw new VisionError('MODEL_MISSING', `The model ${missing.id} (${path}) is not there.`);
  }
  await check(ready, directory);
}

async function checkHashes(entries: readonly CatalogueEntry[], directory: string): Promise<void> {
  for (const entry of entries) {
    if (entry.format !== 'onnx') continue;
    const path = modelPath(entry, directory);
    const expected = entry.source.sha256;
    const found = await sha256Of(path);
    if (found !== undefined && expected !== undefined && found !== expected)
      throw modelRefused(entry, path, { expected: `SHA-256 ${expected}`, found });
  }
}

function check(models: readonly CatalogueEntry[], directory: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const command = [ENTRY, JSON.stringify({ models, modelsDirectory: directory })];
    execFile(
      process.execPath,
      command,
      { timeout: CHECK_TIMEOUT_MS, env: { ...process.env, ...NO_TELEMETRY } },
      (error, _stdout, stderr) => {
        if (!error) return resolve();
        const line = stderr.trim().split('\n').at(-1) || 'The models could not be checked.';
        reject(new VisionError(error.code === 3 ? 'MODEL_INVALID' : 'VISION_START_FAILED', line));
      },
    );
  });
}
