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
