import { CamfleetError } from '@camfleet/domain';
import {
  EventsRepository,
  type FaceEvent,
  type FaceVisitRow,
  FaceVisitsRepository,
} from '@camfleet/database';
import type { CorrectionRequest, VisitIdentity } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { AssetSweeper } from '../../assets/asset-sweeper';
import { FaceLibrary } from '../library/face-library';
import { personNotFound } from '../people.service';
import { Recogniser } from '../recognition/recogniser';
import { KeptFaceService } from './kept-face.service';

/** «This is», «this is not»: what users say of what was seen. It is never overruled. */
@Injectable()
export class CorrectionsService {
  constructor(
    private readonly events: EventsRepository,
    private readonly visits: FaceVisitsRepository,
    private readonly library: FaceLibrary,
    private readonly recogniser: Recogniser,
    private readonly sweeper: AssetSweeper,
    private readonly kept: KeptFaceService,
  ) {}

  /**
   * «This is» keeps the visit's best face for the person, or says why not.
   * Throws `EVENT_NOT_FOUND`, `PERSON_NOT_FOUND`, `DATABASE_UNAVAILABLE`, and `VALIDATION_FAILED` for an event that shows no face.
   */
  async correct(tenantId: string, eventId: string, request: CorrectionRequest): Promise<VisitIdentity> {
    const { personId, not = [] } = request;
    const said = await this.faceEvent(tenantId, eventId);
    const { trackId } = said;
    // The visit's face must be known, so that the word holds for later ones.
    await this.recogniser.settle();
    const corrected = await this.visits.correct(said, { personId, not });
    if (!corrected) throw personNotFound();
    const { visit, assetKeys } = corrected;
    await this.sweeper.remove(assetKeys);
    // The word is stored: that it is not judged yet is no failure.
    if (visit.isPending) await this.recogniser.isSettled();
    const face = personId ? await this.kept.keep(tenantId, { trackId, personId }) : undefined;
    await this.library.follow();
    const identity = this.toIdentity((await this.visits.find(tenantId, trackId)) ?? visit);
    return { ...identity, ...(face && { face }) };
  }

  /** Everything that users said of the visit, and the recogniser judges alone. Throws as {@link correct}. */
  async takeBack(tenantId: string, eventId: string): Promise<void> {
    const { trackId } = await this.faceEvent(tenantId, eventId);
    await this.sweeper.remove(await this.visits.takeBack({ tenantId, trackId }));
    await this.recogniser.isSettled();
    await this.library.follow();
  }

  private async faceEvent(tenantId: string, eventId: string): Promise<FaceEvent> {
    const event = await this.events.find(tenantId, eventId);
    if (!event) throw new CamfleetError('EVENT_NOT_FOUND', 'There is no such event.');
    const { type, trackId, cameraId, occurredAt } = event;
    if (type !== 'face' || trackId === null)
      throw new CamfleetError('VALIDATION_FAILED', 'This event does not show a face.');
    return { tenantId, trackId, cameraId, occurredAt };
  }

  private toIdentity(visit: FaceVisitRow): VisitIdentity {
    const { trackId, personId, decidedBy, notPersonIds, groupId } = visit;
    return {
      ...{ trackId, personId, decidedBy, notPersonIds, groupId },
      cameraId: visit.cameraId ?? undefined,
      personName: personId === null ? null : (this.library.nameOf(personId) ?? null),
      personScore: visit.personScore,
    };
  }
}
