import type { Calibration } from '@camfleet/domain';
import { EmbeddersRepository } from '@camfleet/database';
import { CalibrationInfo } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { FaceLibrary } from '../library/face-library';
import type { Space } from '../library/shelf';
import { type Resemblance, type Thresholds, thresholdsOf } from './judgement';

/** Faces that are looked at to judge one: a person with more of them, all nearer, would hide the second best. */
const NEAREST_FACES = 200;

/** What scores mean: by the model's calibration and the number of people. */
@Injectable()
export class ScoresService {
  constructor(
    private readonly embedders: EmbeddersRepository,
    private readonly library: FaceLibrary,
  ) {}

  /** `null`: the model is not calibrated, so nobody is given a name and nobody is put together. */
  async thresholds({ tenantId, model, modelVersion }: Space): Promise<Thresholds | null> {
    const embedder = { name: model, version: modelVersion };
    const known = await this.embedders.find(tenantId, embedder);
    if (!known) await this.embedders.meet(tenantId, embedder);
    return thresholdsOf(toCalibration(known?.calibration), this.library.countPeople(tenantId));
  }

  /** The faces of people that are nearest to a face, best first. */
  resemblances(space: Space, vector: Float32Array, minScore?: number): Resemblance[] {
    return this.library.faces
      .nearest(space, vector, { limit: NEAREST_FACES, minScore })
      .map(({ score, row: { personId, isNegative } }) => ({ score, personId, isNegative }));
  }
}

function toCalibration(value: unknown): Calibration | null {
  const { data } = CalibrationInfo.safeParse(value);
  return data ?? null;
}
