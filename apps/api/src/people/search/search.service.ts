import { CamfleetError } from '@camfleet/domain';
import type { FaceSearchAnswer, FaceSearchHit, FaceSearchQuery } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { FaceReader } from '../enrolment/face-reader.service';
import { faceOfPhoto, largest, type SeenFace } from '../enrolment/seen-face';
import { FaceLibrary } from '../library/face-library';
import type { Space } from '../library/shelf';
import { pictureUrl, snapshotUrl } from '../person-view';
import { ScoresService } from '../recognition/scores.service';

/** Faces of people that are looked at, several of one person among them. */
const FACES = 1_000;

type Ask = Space & Pick<SeenFace, 'embedding'>;

/** Who looks like this: among the people, and in everything that was seen. */
@Injectable()
export class SearchService {
  constructor(
    private readonly reader: FaceReader,
    private readonly library: FaceLibrary,
    private readonly scores: ScoresService,
  ) {}

  /** Of several faces on the photo the largest. */
  async byPhoto(tenantId: string, photo: Buffer, query: FaceSearchQuery): Promise<FaceSearchAnswer> {
    const face = largest(await this.reader.onPhoto(tenantId, photo));
    if (!face) throw new CamfleetError('NO_FACE', 'There is no face on this photo.');
    return this.search(tenantId, faceOfPhoto(face), query);
  }

  async byEvent(tenantId: string, eventId: string, query: FaceSearchQuery): Promise<FaceSearchAnswer> {
    return this.search(tenantId, await this.reader.ofEvent(tenantId, eventId), query);
  }

  private async search(tenantId: string, face: SeenFace, query: FaceSearchQuery): Promise<FaceSearchAnswer> {
    await this.library.follow();
    const { model, modelVersion, embedding } = face;
    const ask = { tenantId, model, modelVersion, embedding };
    const thresholds = await this.scores.thresholds(ask);
    const hits = [...this.people(ask, query), ...this.visits(ask, query)];
    return {
      model,
      modelVersion,
      threshold: thresholds?.person ?? null,
      items: hits.sort((a, b) => b.score - a.score).slice(0, query.limit),
    };
  }

  /** Each person by their nearest face. */
  private people(ask: Ask, { minScore }: FaceSearchQuery): FaceSearchHit[] {
    const near = this.library.faces.nearest(ask, ask.embedding, {
      ...{ limit: FACES, minScore },
      accept: ({ isNegative }) => !isNegative,
    });
    const best = new Map<string, FaceSearchHit>();
    for (const { id, score, row } of near) {
      const { personId } = row;
      if (best.has(personId)) continue;
      const personName = this.library.nameOf(personId);
      const picture = pictureUrl(personId, id);
      best.set(personId, { kind: 'person', score, personId, personName, faceId: id, pictureUrl: picture });
    }
    return [...best.values()];
  }

  /** Filters by time concern the whole of a visit: it lasted into them. */
  private visits(ask: Ask, query: FaceSearchQuery): FaceSearchHit[] {
    const { limit, minScore, cameraId } = query;
    const from = query.from === undefined ? undefined : new Date(query.from);
    const to = query.to === undefined ? undefined : new Date(query.to);
    const near = this.library.visits.nearest(ask, ask.embedding, {
      ...{ limit, minScore },
      accept: (visit) =>
        (cameraId === undefined || visit.cameraId === cameraId) &&
        (from === undefined || visit.lastAt >= from) &&
        (to === undefined || visit.firstAt < to),
    });
    return near.map(({ id, score, row }) => ({
      kind: 'visit',
      score,
      trackId: id,
      eventId: row.bestEventId ?? undefined,
      cameraId: row.cameraId ?? undefined,
      occurredAt: row.firstAt.toISOString(),
      personId: row.personId ?? undefined,
      personName: row.personId === null ? undefined : this.library.nameOf(row.personId),
      snapshotUrl: row.bestEventId === null ? undefined : snapshotUrl(row.bestEventId),
      groupId: row.groupId ?? undefined,
    }));
  }
}
