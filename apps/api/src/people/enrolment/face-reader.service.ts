import { CamfleetError } from '@camfleet/domain';
import {
  EmbeddersRepository,
  EventsRepository,
  FaceVisitsRepository,
  type VisitFace,
} from '@camfleet/database';
import { EmbedResult } from '@camfleet/protocol';
import { AssetStore } from '@camfleet/storage';
import { Injectable } from '@nestjs/common';
import { WorkerClient } from '../../workers/worker-client';
import { Recogniser } from '../recognition/recogniser';
import { type SeenFace, faceOfVisit } from './seen-face';

/** Finds faces: on photos, which a worker looks at, and on events, whose faces are known. */
@Injectable()
export class FaceReader {
  constructor(
    private readonly worker: WorkerClient,
    private readonly embedders: EmbeddersRepository,
    private readonly events: EventsRepository,
    private readonly visits: FaceVisitsRepository,
    private readonly recogniser: Recogniser,
    private readonly assets: AssetStore,
  ) {}

  /** Throws `NO_FACE`, `NO_WORKER_AVAILABLE`, and what a worker says of a picture that it cannot read. */
  async onPhoto(tenantId: string, photo: Buffer): Promise<EmbedResult['faces']> {
    // In a mixed fleet: the embedder that the library is in, for others' vectors are compared with nobody's.
    const model = (await this.embedders.current(tenantId)) ?? undefined;
    const question = { path: '/embed', body: photo, answer: EmbedResult, model };
    const { faces } = await this.worker.askAny(tenantId, question);
    if (faces.length === 0) throw new CamfleetError('NO_FACE', 'There is no face on this photo.');
    return faces;
  }

  /** The best of a visit. Throws `NO_FACE`. */
  async ofVisit(tenantId: string, trackId: string): Promise<SeenFace> {
    const face = await this.visits.bestFace(tenantId, trackId);
    if (!face) throw noFace();
    return this.withPicture(face);
  }

  /** Throws `EVENT_NOT_FOUND`, `NO_FACE`. */
  async ofEvent(tenantId: string, eventId: string): Promise<SeenFace> {
    await this.recogniser.settle();
    const face = await this.visits.faceOfEvent(tenantId, eventId);
    if (face) return this.withPicture(face);
    if (!(await this.events.find(tenantId, eventId)))
      throw new CamfleetError('EVENT_NOT_FOUND', 'There is no such event.');
    throw noFace();
  }

  private async withPicture(face: VisitFace): Promise<SeenFace> {
    return faceOfVisit(face, face.snapshotKey === null ? null : await this.assets.get(face.snapshotKey));
  }
}

function noFace(): CamfleetError {
  return new CamfleetError('NO_FACE', 'This event shows no face that could be told from others.');
}
