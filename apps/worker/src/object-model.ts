import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerConfig } from '@camfleet/config';
import type { Logger } from '@camfleet/telemetry';
import { type ChosenModels, ensureObjectModel } from '@camfleet/vision';

/** Between two tries to fetch it, doubling. */
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;

/**
 * Fetches and converts the object detector when the first camera asks for objects, once for all children, and tries
 * again while the registry is away. Faces and video go on meanwhile.
 */
export class ObjectModelSupply implements Disposable {
  private readonly ending = new AbortController();
  private fetching: Promise<void> | undefined;

  private told: string | undefined;

  constructor(
    private readonly options: {
      config: WorkerConfig;
      models: ChosenModels;
      logger: Logger;
      /** `fault` is another one. */
      onChange: () => void;
    },
  ) {}

  /** Why no objects are found: a stable code and a plain sentence. Undefined while nothing is known to be wrong. */
  get fault(): string | undefined {
    return this.told;
  }

  /** A camera wants objects. */
  need(): void {
    this.fetching ??= this.fetch();
  }

  /** Resolves when it is there. @throws the signal's reason */
  async ready(signal: AbortSignal): Promise<void> {
    this.need();
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await Promise.race([this.fetching, aborted]);
    signal.throwIfAborted();
  }

  [Symbol.dispose](): void {
    this.ending.abort();
  }

  private async fetch(): Promise<void> {
    const { config, models, logger } = this.options;
    const { signal } = this.ending;
    let phaseTold: string | undefined;
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        await ensureObjectModel({
          models,
          directory: config.modelsDirectory,
          baseUrl: config.modelsBaseUrl,
          signal,
          onProgress: ({ phase, package: from }) => {
            if (phase !== phaseTold) logger.info({ phase, from }, 'object-model.progress');
            phaseTold = phase;
          },
        });
        logger.info({ model: models.objectDetector.id }, 'object-model.ready');
        this.tell(undefined);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.error({ err: error, retryInMs: pauseMs }, 'object-model.failed');
        this.tell(
          `MODEL_UNAVAILABLE: The model "${models.objectDetector.id}" cannot be fetched; it is tried again.`,
        );
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private tell(fault: string | undefined): void {
    if (fault === this.told) return;
    this.told = fault;
    this.options.onChange();
  }
}
