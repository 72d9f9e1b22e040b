import { CamfleetError } from '@camfleet/domain';
import { FaceVisitsRepository, PersonFacesRepository } from '@camfleet/database';
import { KeptFace } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { EnrolmentChecks } from '../enrolment/enrolment-checks.service';
import { EnrolmentService } from '../enrolment/enrolment.service';
import { FaceReader } from '../enrolment/face-reader.service';

interface Word {
  trackId: string;
  personId: string;
}

/** After «this is»: the visit's best face is kept for the person, so that the word holds for later visits as well. */
@Injectable()
export class KeptFaceService {
  constructor(
    private readonly visits: FaceVisitsRepository,
    private readonly faces: PersonFacesRepository,
    private readonly reader: FaceReader,
    private readonly enrolment: EnrolmentService,
    private readonly checks: EnrolmentChecks,
  ) {}

  /** By the rules for every face that is enrolled. Answers what became of it; nobody can insist. */
  async keep(tenantId: string, word: Word): Promise<KeptFace | undefined> {
    const { trackId, personId } = word;
    const known = await this.faces.ofVisit(personId, { tenantId, trackId });
    if (known !== null) return { faceId: known };
    try {
      const face = await this.reader.ofVisit(tenantId, trackId);
      const check = async () => {
        await this.requireWord(tenantId, word);
        await this.checks.checkWord(tenantId, { personId, face });
      };
      const { faceId } = await this.enrolment.keep(tenantId, { personId, face, isByWord: true, check });
      return { faceId };
    } catch (error) {
      if (!(error instanceof CamfleetError)) throw error;
      // What else may go wrong (the person was deleted meanwhile) says nothing of the face.
      return KeptFace.safeParse({ code: error.code, message: error.message, details: error.details }).data;
    }
  }

  /** Another user may have taken it back by now. */
  private async requireWord(tenantId: string, { trackId, personId }: Word): Promise<void> {
    const visit = await this.visits.find(tenantId, trackId);
    if (visit?.personId !== personId || visit.decidedBy !== 'user')
      throw new CamfleetError('FACE_NOT_FOUND', 'The visit is not theirs any more.');
  }
}
