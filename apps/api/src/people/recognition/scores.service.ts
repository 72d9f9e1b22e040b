import type { Calibration } from '@camfleet/domain';
import { EmbeddersRepository } from '@camfleet/database';
import { CalibrationInfo } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { FaceLibrary } from '../library/face-library';
import type { Space } from '../library/space';
import { type Resemblance, type Thresholds, thresholdsOf } from './judgement';

/** People who are looked at to judge one face: more than can be in question after vetoes. */
const NEAREST_PEOPLE = 50;

/** What scores mean: by the model's calibration and the number of people. */
@Injectable()
export class ScoresService {
  constructor(
    private readonly embedders: EmbeddersRepository,
    private readonly library: FaceLibrary,
  ) {}

  /** `null`: the model is not calibrated, so nobody is given a name and nobody is put together. */
  async thresholds(space: Space): Promise<Thresholds | null> {
    const { tenantId, model, modelVersion } = space;
    const embedder = { name: model, version: modelVersion };
    const known = await this.embedders.find(tenantId, embedder);
    if (!known) await this.embedders.meet(tenantId, embedder);
    return thresholdsOf(toCalibration(known?.calibration), this.library.countPeople(space));
  }

  /** The people who are nearest to a face, best first. */
  async resemblances(space: Space, vector: Float32Array, minScore: number): Promise<Resemblance[]> {
    const query = { kind: 'person', vector, minScore, limit: NEAREST_PEOPLE } as const;
    const hits = await this.library.nearest(space, query);
    return hits.flatMap(({ ownerId, score, negativeScore }) =>
      ownerId === null ? [] : [{ personId: ownerId, score, negativeScore }],
    );
  }
}

function toCalibration(value: unknown): Calibration | null {
  const { data } = CalibrationInfo.safeParse(value);
  return data ?? null;
}
