export * from './models/catalogue';
export { ModelFetchError, type ModelFetchCode } from './models/fetch-error';
export { fetchModels } from './models/fetch-models';
export { fetchNpmFiles, type FetchOptions, type FetchProgress, type NpmFiles } from './models/npm-files';
export { SAMPLE_PHOTOS } from './models/sample-photos';
