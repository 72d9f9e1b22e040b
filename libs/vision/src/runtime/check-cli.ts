import { z } from 'zod';
import { CatalogueEntry } from '../models/entry';
import { ModelSession } from './model-session';
import { VisionError } from './vision-error';

const Settings = z.object({ models: z.array(CatalogueEntry), modelsDirectory: z.string() });
/** The exit code that says: the models are wrong. */
const REFUSED = 3;

/** Loads the models once. What is wrong with them goes to the standard error, in one line. */
async function main(settings: string | undefined): Promise<number> {
  try {
    const { models, modelsDirectory } = Settings.parse(JSON.parse(settings ?? ''));
    for (const entry of models) await (await ModelSession.load(entry, modelsDirectory)).run();
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof VisionError && error.code === 'MODEL_INVALID' ? REFUSED : 1;
  }
}

void main(process.argv[2]).then((code) => {
  process.exitCode = code;
});
