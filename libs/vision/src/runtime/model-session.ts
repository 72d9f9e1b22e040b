import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { CatalogueModel } from '../models/catalogue';
import { VisionError } from './vision-error';

/** One loaded model with its input buffer, which the caller fills before each run. */
export class ModelSession {
  readonly input: Float32Array;
  /** Time spent in `run`, summed up. */
  modelMs = 0;
  private readonly feeds: Record<string, Tensor>;

  private constructor(
    private readonly session: InferenceSession,
    model: CatalogueModel,
  ) {
    this.input = new Float32Array(model.input.shape.reduce((product, extent) => product * extent, 1));
    this.feeds = { [model.input.name]: new Tensor('float32', this.input, [...model.input.shape]) };
  }

  /**
   * Loads exactly the bytes whose SHA-256 it has checked.
   * @throws VisionError `MODEL_MISSING`
   */
  static async load(model: CatalogueModel, directory: string): Promise<ModelSession> {
    const path = join(directory, model.file);
    const bytes = await readFile(path).catch((cause: unknown) => {
      throw new VisionError('MODEL_MISSING', `The model ${path} cannot be read: run the set-up.`, { cause });
    });
    if (createHash('sha256').update(bytes).digest('hex') !== model.sha256) {
      throw new VisionError('MODEL_MISSING', `The model ${path} is damaged: run the set-up again.`);
    }
    // One thread each: a machine's cores are shared by its decoding processes.
    const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
    return new ModelSession(await InferenceSession.create(bytes, options), model);
  }

  /** The outputs by name. Blocks this thread while it runs. */
  async run(): Promise<(name: string) => Float32Array> {
    const startedAt = performance.now();
    const outputs = await this.session.run(this.feeds);
    this.modelMs += performance.now() - startedAt;
    return (name) => {
      const data = outputs[name]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`The model has no output ${name}.`);
      return data;
    };
  }
}
