import type { WorkerConfig } from '@camfleet/config';
import {
  type ChosenModels,
  chooseModels,
  type ClassifierEntry,
  prepareClassifiers,
  prepareModels,
  readCatalogue,
  readClassifiers,
} from '@camfleet/vision';

/**
 * The models that the environment names, there and known to fit, before anything else is begun.
 * @throws CatalogueError, ModelFetchError, VisionError, each one line for whoever set this up
 */
export async function usableModels(config: WorkerConfig): Promise<ChosenModels> {
  const models = chooseModels(await readCatalogue(config.modelsCatalogue), config.models);
  await prepareModels({
    models,
    directory: config.modelsDirectory,
    baseUrl: config.modelsBaseUrl,
  });
  return models;
}

/** The same of the classifiers that the environment names; none, and the worker classifies none. */
export async function usableClassifiers(config: WorkerConfig): Promise<ClassifierEntry[]> {
  const classifiers = [...(await readClassifiers(config.classifiers))];
  await prepareClassifiers({
    classifiers,
    directory: config.modelsDirectory,
    baseUrl: config.modelsBaseUrl,
  });
  return classifiers;
}
