import { CamfleetError, type EnrolmentVerdict, cosine, enrolmentVerdict } from '@camfleet/domain';
import { PersonFacesRepository } from '@camfleet/database';
import { Injectable } from '@nestjs/common';
import { FaceLibrary } from '../library/face-library';
import { type Verdict, candidates } from '../recognition/judgement';
import { ScoresService } from '../recognition/scores.service';
import type { SeenFace } from './seen-face';

const FAULTS: Readonly<Record<Exclude<EnrolmentVerdict, 'ok'>, string>> = {
  FACE_TOO_SMALL: 'The face is too small to know somebody by.',
  FACE_TOO_BLURRED: 'The face is too blurred or too dark to know somebody by.',
};

/** Keeps out of the library what would poison it. */
@Injectable()
export class EnrolmentChecks {
  constructor(
    private readonly library: FaceLibrary,
    private readonly scores: ScoresService,
    private readonly faces: PersonFacesRepository,
  ) {}

  /** Throws `FACE_TOO_SMALL`, `FACE_TOO_BLURRED`, `FACE_MATCHES_OTHER`. `personId` `null`: somebody new. */
  async check(
    tenantId: string,
    { personId, face }: { personId: string | null; face: SeenFace },
  ): Promise<void> {
    const verdict = enrolmentVerdict(face.quality);
    if (verdict !== 'ok') throw fault(verdict, face.quality);
    const other = await this.nearerOther(tenantId, { personId, face });
    if (other)
      throw new CamfleetError('FACE_MATCHES_OTHER', 'The face is nearer to somebody else.', {
        details: { ...other, name: this.library.nameOf(other.personId) ?? '' },
      });
  }

  /** Throws as {@link check}, and `FACE_DENIED`: what a user said is not them stands against what another one says is. */
  async checkWord(tenantId: string, { personId, face }: { personId: string; face: SeenFace }): Promise<void> {
    await this.check(tenantId, { personId, face });
    const space = { tenantId, model: face.model, modelVersion: face.modelVersion };
    const least = (await this.scores.thresholds(space))?.other ?? 1;
    const denied = (await this.faces.denied(personId, space)).map((other) => cosine(face.embedding, other));
    const nearest = Math.max(...denied, -1);
    if (nearest < least) return;
    const own = (await this.scores.resemblances(space, face.embedding, nearest)).some(
      (near) => near.personId === personId && near.score > nearest,
    );
    if (!own)
      throw new CamfleetError('FACE_DENIED', 'A user said of a face like this one that it is not them.');
  }

  /** Throws `FACE_TOO_SMALL`. */
  checkSize(quality: SeenFace['quality']): void {
    if (enrolmentVerdict(quality) === 'FACE_TOO_SMALL') throw fault('FACE_TOO_SMALL', quality);
  }

  /** Whether a face passes {@link check}. */
  async isFit(tenantId: string, subject: { personId: string | null; face: SeenFace }): Promise<boolean> {
    if (enrolmentVerdict(subject.face.quality) !== 'ok') return false;
    return (await this.nearerOther(tenantId, subject)) === undefined;
  }

  /** Somebody else whom the face would be put together with, and who is nearer than the person's own faces. */
  private async nearerOther(
    tenantId: string,
    { personId, face }: { personId: string | null; face: SeenFace },
  ): Promise<Verdict | undefined> {
    await this.library.follow();
    const space = { tenantId, model: face.model, modelVersion: face.modelVersion };
    const thresholds = await this.scores.thresholds(space);
    if (!thresholds) return undefined;
    const near = candidates(await this.scores.resemblances(space, face.embedding, thresholds.other));
    return near[0]?.personId === personId ? undefined : near[0];
  }
}

function fault(verdict: Exclude<EnrolmentVerdict, 'ok'>, quality: SeenFace['quality']): CamfleetError {
  return new CamfleetError(verdict, FAULTS[verdict], { details: { quality } });
}
