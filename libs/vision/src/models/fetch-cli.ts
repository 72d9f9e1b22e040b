import { join } from 'node:path';
import { fetchModels } from './fetch-models';
import { ModelFetchError } from './fetch-error';
import { type FetchProgress, fetchNpmFiles } from './fetch-files';
import { progressPrinter } from './progress-printer';
import { SAMPLE_PHOTOS } from './sample-photos';

/**
 * `node dist/models/fetch-cli.js <directory>`: fetches the models, and the photos of the demo into its folder
 * `photos`, showing how far it is.
 */
async function main(directory: string | undefined): Promise<number> {
  if (!directory) {
    process.stderr.write('Which folder? usage: fetch-cli <directory>\n');
    return 2;
  }
  const abort = new AbortController();
  process.once('SIGINT', () => abort.abort()).once('SIGTERM', () => abort.abort());
  using printer = progressPrinter(process.stdout);
  try {
    const options = {
      baseUrl: process.env['MODELS_BASE_URL'] || undefined,
      onProgress: (progress: FetchProgress) => printer.show(progress),
      signal: abort.signal,
    };
    const fetched =
      (await fetchModels({ ...options, directory })) +
      (await fetchNpmFiles(SAMPLE_PHOTOS, { ...options, directory: join(directory, 'photos') }));
    printer.finish(
      fetched === 0 ? 'Models: all there and verified.' : `Models: ${fetched} files fetched and verified.`,
    );
    return 0;
  } catch (error) {
    if (abort.signal.aborted) return 130;
    printer.finish(undefined);
    const message = error instanceof ModelFetchError ? `${error.message} [${error.code}]` : String(error);
    process.stderr.write(`${message}\n`);
    return 1;
  }
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
