import type { FaceSearchHit } from '@camfleet/protocol';
import type { Visit } from '../events/visit';

/** A visit that was found, as lists and dialogs of visits show it; of its length nothing is known. */
export function visitOfHit(hit: FaceSearchHit): Visit | undefined {
  const { kind, trackId, eventId, occurredAt, personId } = hit;
  if (kind !== 'visit' || trackId === undefined || eventId === undefined || occurredAt === undefined)
    return undefined;
  return {
    key: trackId,
    type: 'face',
    cameraId: hit.cameraId,
    person: personId === undefined ? undefined : { id: personId, name: hit.personName ?? 'Somebody known' },
    firstAt: occurredAt,
    lastAt: occurredAt,
    firstSequence: 0,
    running: false,
    begun: true,
    best: { id: eventId, sequence: 0, snapshotUrl: hit.snapshotUrl },
    data: {},
  };
}

/** Whom a search found. */
export interface FoundPerson {
  id: string;
  name: string;
  score: number;
  pictureUrl?: string | undefined;
}

/**
 * The people among the hits, best first. Somebody whose visits were found counts too, by the best of them: a person of
 * many visits would else be pushed out of the answer by those.
 */
export function peopleFound(items: readonly FaceSearchHit[]): FoundPerson[] {
  const found = new Map<string, FoundPerson>();
  const inOrder = [...items].sort(
    (a, b) => Number(b.kind === 'person') - Number(a.kind === 'person') || b.score - a.score,
  );
  for (const { personId: id, personName, score, pictureUrl, snapshotUrl } of inOrder) {
    if (id === undefined || found.has(id)) continue;
    found.set(id, { id, name: personName ?? 'Somebody known', score, pictureUrl: pictureUrl ?? snapshotUrl });
  }
  return [...found.values()].sort((a, b) => b.score - a.score);
}
