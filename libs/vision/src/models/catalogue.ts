import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import {
  CatalogueEntry,
  FaceDetectorEntry,
  FaceEmbedderEntry,
  FaceLandmarksEntry,
  ObjectDetectorEntry,
} from './entry';
import { FACE_ENTRIES } from './face-entries';
import { urlFileName } from './fetch-files';
import { OBJECT_ENTRIES } from './object-entries';

/** What comes with Camfleet. */
export const BUILT_IN_MODELS: readonly CatalogueEntry[] = z
  .array(CatalogueEntry)
  .parse([...FACE_ENTRIES, ...OBJECT_ENTRIES]);

/** Ids of entries; what is left out is Camfleet's choice. */
export interface ModelChoice {
  faceDetector?: string;
  faceEmbedder?: string;
  objectDetector?: string;
}

/** The entries that a worker runs, as data that can be sent to its processes and threads. */
export const ChosenModels = z.object({
  faceDetector: FaceDetectorEntry,
  /** None where the detector itself finds eyes, nose and mouth. */
  faceLandmarks: FaceLandmarksEntry.optional(),
  faceEmbedder: FaceEmbedderEntry,
  /** Fetched when it is first needed. */
  objectDetector: ObjectDetectorEntry,
});
export type ChosenModels = z.infer<typeof ChosenModels>;

/** A catalogue or a choice that cannot be: one line each, naming the entry and the field. */
export class CatalogueError extends Error {
  override readonly name = 'CatalogueError';

  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}

const DEFAULT_CHOICE = {
  faceDetector: 'faceplugin-detect',
  faceLandmarks: 'faceplugin-landmark',
  faceEmbedder: 'faceplugin-feature',
  objectDetector: 'nanodet',
} as const;

/**
 * The catalogue with a user's entries, which stand before those of Camfleet of the same id. `basedOn: "<id>"` takes
 * over what an entry does not say itself.
 * @param path JSON, `{ "models": [entry, …] }`; paths in it are from its folder
 * @throws CatalogueError
 */
export async function readCatalogue(path: string | undefined): Promise<readonly CatalogueEntry[]> {
  if (path === undefined) return BUILT_IN_MODELS;
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CatalogueError([`MODELS_CATALOGUE: ${path} cannot be read.`]);
  });
  return parseCatalogue(text, path);
}

const CatalogueFile = z.strictObject({ models: z.array(z.record(z.string(), z.unknown())) });

/** @throws CatalogueError */
export function parseCatalogue(text: string, path: string): readonly CatalogueEntry[] {
  const where = `MODELS_CATALOGUE: ${path}`;
  const file = CatalogueFile.safeParse(parseJson(text, where));
  if (!file.success)
    throw new CatalogueError([`${where}: must look like { "models": [{ "id": "…", … }, …] }.`]);
  const lines: string[] = [];
  const own: CatalogueEntry[] = [];
  file.data.models.forEach((written, index) => {
    const label = `${where}: entry ${typeof written.id === 'string' ? `"${written.id}"` : index + 1}`;
    const { basedOn, ...said } = written;
    const base = basedOn === undefined ? {} : BUILT_IN_MODELS.find(({ id }) => id === basedOn);
    if (!base) return void lines.push(`${label}: basedOn: there is no built-in model "${String(basedOn)}".`);
    const entry = CatalogueEntry.safeParse({
      ...('source' in said ? asAnother(base, said.id) : base),
      ...said,
    });
    if (entry.success) own.push(withAbsolutePath(entry.data, dirname(path)));
    else lines.push(...entry.error.issues.map((issue) => `${label}: ${fieldOf(issue.path)}${issue.message}`));
  });
  const ids = own.map(({ id }) => id);
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index)))
    lines.push(`${where}: entry "${id}": id: stands there twice.`);
  if (lines.length > 0) throw new CatalogueError(lines);
  return [...own, ...BUILT_IN_MODELS.filter(({ id }) => !ids.includes(id))];
}

/** Of an embedder's numbers, and so of one file alone. */
const MEASURED = ['calibration', 'uprightLength'];

/** Another file is another model: neither its embeddings nor its scores are those of the one it is based on. */
function asAnother(base: object, name: unknown): object {
  return Object.fromEntries(Object.entries({ ...base, name }).filter(([field]) => !MEASURED.includes(field)));
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CatalogueError([`${where}: is not JSON: ${cause instanceof Error ? cause.message : ''}`]);
  }
}

const fieldOf = (path: readonly PropertyKey[]) => (path.length > 0 ? `${path.map(String).join('.')}: ` : '');

function withAbsolutePath(entry: CatalogueEntry, folder: string): CatalogueEntry {
  if (entry.source.type !== 'file') return entry;
  return { ...entry, source: { ...entry.source, path: resolve(folder, entry.source.path) } };
}

/** @throws CatalogueError naming the variable */
export function chooseModels(catalogue: readonly CatalogueEntry[], choice: ModelChoice = {}): ChosenModels {
  const pick = (id: string, variable: string, kind: CatalogueEntry['kind']) => {
    const found = catalogue.find((entry) => entry.id === id);
    if (found?.kind === kind) return found;
    const others = catalogue.filter((entry) => entry.kind === kind).map((entry) => entry.id);
    const why = found ? `"${id}" is a model of kind ${found.kind}` : `there is no model "${id}"`;
    throw new CatalogueError([`${variable}: ${why}; of kind ${kind} there are: ${others.join(', ')}.`]);
  };
  const { faceDetector, faceEmbedder, objectDetector } = { ...DEFAULT_CHOICE, ...withoutUndefined(choice) };
  const detector = FaceDetectorEntry.parse(pick(faceDetector, 'FACE_DETECTOR', 'face-detector'));
  const embedder = FaceEmbedderEntry.parse(pick(faceEmbedder, 'FACE_EMBEDDER', 'face-embedder'));
  const findsPoints = detector.decoder.id === 'yunet';
  const landmarks = pick(DEFAULT_CHOICE.faceLandmarks, 'MODELS_CATALOGUE', 'face-landmarks');
  return {
    faceDetector: detector,
    faceLandmarks: findsPoints ? undefined : FaceLandmarksEntry.parse(landmarks),
    faceEmbedder: embedder,
    objectDetector: ObjectDetectorEntry.parse(pick(objectDetector, 'OBJECT_DETECTOR', 'object-detector')),
  };
}

function withoutUndefined(choice: ModelChoice): ModelChoice {
  return Object.fromEntries(Object.entries(choice).filter(([, id]) => id !== undefined));
}

/** What a worker runs that was told nothing else. */
export const DEFAULT_MODELS: ChosenModels = chooseModels(BUILT_IN_MODELS);

/** Those that are there, in the order in which they run. */
export function entriesOf(models: ChosenModels): CatalogueEntry[] {
  const { faceDetector, faceLandmarks, faceEmbedder, objectDetector } = models;
  return [faceDetector, faceLandmarks, faceEmbedder, objectDetector].filter((entry) => entry !== undefined);
}

/** Raised when the converter gives other bytes: what an older one made is then made again. */
const CONVERTED_BY = 1;

/** Where the file of a model lies that was fetched into a folder, or a user's own. */
export function modelPath({ source, format, input }: CatalogueEntry, directory: string): string {
  if (source.type === 'file' && format === 'onnx') return source.path;
  const path = source.type === 'url' ? urlFileName(source) : source.path;
  const made = `-${input.width}x${input.height}.v${CONVERTED_BY}.onnx`;
  return join(directory, format === 'onnx' ? basename(path) : basename(path).replace(/(\.json)?$/, made));
}
