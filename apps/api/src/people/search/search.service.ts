import { CamfleetError } from '@camfleet/domain';
import type { FaceSearchAnswer, FaceSearchHit, FaceSearchQuery } from '@camfleet/protocol';
import { Injectable } from '@nestjs/common';
import { FaceReader } from '../enrolment/face-reader.service';
import { faceOfPhoto, largest, type SeenFace } from '../enrolment/seen-face';
import { FaceLibrary, type KnownVisit } from '../library/face-library';
import type { Space } from '../library/space';
import { pictureUrl, snapshotUrl } from '../person-view';
import { ScoresService } from '../recognition/scores.service';

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
    const [people, visits] = await Promise.all([this.people(ask, query), this.visits(ask, query)]);
    return {
      model,
      modelVersion,
      threshold: thresholds?.person ?? null,
      items: ranked(people, visits).slice(0, query.limit),
    };
  }

  /** Each person by their nearest face. */
  private async people(ask: Ask, { limit, minScore }: FaceSearchQuery): Promise<FaceSearchHit[]> {
    const near = await this.library.nearest(ask, { kind: 'person', vector: ask.embedding, limit, minScore });
    return near.flatMap(({ id, ownerId, score }) =>
      ownerId === null
        ? []
        : [
            {
              kind: 'person',
              score,
              personId: ownerId,
              personName: this.library.nameOf(ownerId),
              faceId: id,
              pictureUrl: pictureUrl(ownerId, id),
            },
          ],
    );
  }

  /** Filters by time concern when a visit was last seen. */
  private async visits(ask: Ask, query: FaceSearchQuery): Promise<FaceSearchHit[]> {
    const { limit, minScore, cameraId, from, to } = query;
    const near = await this.library.nearest(ask, {
      kind: 'visit',
      vector: ask.embedding,
      ...{ limit, minScore, cameraId },
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    });
    return near.flatMap(({ id, score }) => {
      const visit = this.library.visit(ask.tenantId, id);
      return visit ? [this.toVisitHit(visit, score)] : [];
    });
  }

  private toVisitHit(visit: KnownVisit, score: number): FaceSearchHit {
    const { id, bestEventId, cameraId, personId, groupId } = visit;
    return {
      kind: 'visit',
      score,
      trackId: id,
      eventId: bestEventId ?? undefined,
      cameraId: cameraId ?? undefined,
      occurredAt: visit.lastAt.toISOString(),
      personId: personId ?? undefined,
      personName: personId === null ? undefined : this.library.nameOf(personId),
      snapshotUrl: bestEventId === null ? undefined : snapshotUrl(bestEventId),
      groupId: groupId ?? undefined,
    };
  }
}

/**
 * Best first, each person once, by the nearest of their faces and of their visits: so they stand before all visits of
 * theirs, and many of those cannot push them out of an answer.
 */
function ranked(people: readonly FaceSearchHit[], visits: readonly FaceSearchHit[]): FaceSearchHit[] {
  const persons = new Map(people.map((person) => [person.personId, person]));
  for (const { personId, personName, score, snapshotUrl } of visits) {
    if (personId === undefined) continue;
    const known = persons.get(personId);
    if (known) persons.set(personId, { ...known, score: Math.max(known.score, score) });
    else persons.set(personId, { kind: 'person', score, personId, personName, snapshotUrl });
  }
  return [...persons.values(), ...visits].sort((a, b) => b.score - a.score);
}
