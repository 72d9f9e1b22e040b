import type { RgbImage } from '@camfleet/domain';
import type { ClassifierEntry } from '../models/entry';
import { placePicture } from '../pictures/letterbox';
import { NO_TELEMETRY } from '../runtime/job-thread';
import { ModelSession } from '../runtime/model-session';
import { VisionError } from '../runtime/vision-error';
import { type Classification, readClassification } from './classification';

export interface VariantClassification extends Classification {
  variant: string;
  classifier: { name: string; version: string; sha256: string };
  /** In the model and around it. */
  latencyMs: number;
}

/** Classifiers of vehicles' snapshots, loaded. They run in this thread, which they keep for as long as they take. */
export class Classifiers {
  private constructor(private readonly sessions: readonly ModelSession<ClassifierEntry>[]) {}

  /** @throws VisionError `MODEL_MISSING`, `MODEL_INVALID` */
  static async load(entries: readonly ClassifierEntry[], directory: string): Promise<Classifiers> {
    Object.assign(process.env, NO_TELEMETRY);
    const sessions: ModelSession<ClassifierEntry>[] = [];
    for (const entry of entries) sessions.push(await ModelSession.load(entry, directory));
    return new Classifiers(sessions);
  }

  /** @throws VisionError `VISION_PICTURE_INVALID` unless the picture is 640 x 640 */
  async classify(picture: RgbImage): Promise<VariantClassification[]> {
    const results: VariantClassification[] = [];
    for (const session of this.sessions) {
      const { entry, sha256 } = session;
      const { width, height } = entry.input;
      if (picture.width !== width || picture.height !== height)
        throw new VisionError(
          'VISION_PICTURE_INVALID',
          `A snapshot must be ${width} x ${height}, not ${picture.width} x ${picture.height}.`,
        );
      const startedAt = performance.now();
      placePicture(picture, entry.input, session.input);
      const classification = readClassification(entry, await session.run());
      const classifier = { name: entry.name, version: entry.version, sha256 };
      results.push({
        variant: entry.id,
        classifier,
        ...classification,
        latencyMs: performance.now() - startedAt,
      });
    }
    return results;
  }
}
