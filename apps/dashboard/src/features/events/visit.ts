import type { EventView } from '@camfleet/protocol';

/** One person passing one camera: what all events of one track say together. */
export interface Visit {
  key: string;
  type: EventView['type'];
  cameraId?: string;
  /** The recording in which it was seen. */
  videoId?: string;
  videoName?: string;
  /** The clip of one of its events. */
  clipVideoId?: string;
  /** As the server called it. */
  cameraName?: string;
  label?: string;
  person?: VisitPerson;
  firstAt: string;
  /** Sequence of the visit's first event that is known here: the order of the list. */
  firstSequence: number;
  lastAt: string;
  running: boolean;
  /** Its beginning is known: read from the list, or seen as it happened. */
  begun: boolean;
  best: Sighting;
  data: EventView['data'];
}

/** Whom a visit shows. */
export interface VisitPerson {
  id: string;
  name: string;
  /** The cosine; none: a user said so. */
  score?: number;
}

/** The event of the visit whose picture is best. */
type Sighting = Pick<EventView, 'id' | 'sequence' | 'score' | 'box' | 'quality' | 'snapshotUrl'>;

/** Of a track, what makes one visit; a crossed line or an entered zone is told each for itself. */
const JOINED: readonly EventView['type'][] = ['face', 'object'];

/** Events of one track are one visit; an event without a track stands alone. */
export const visitKey = ({ id, type, trackId }: EventView) => (JOINED.includes(type) ? (trackId ?? id) : id);

/** A row of `?view=visits`, or an event as it arrived. */
export function visitOf(event: EventView): Visit {
  const { endedAt, bestEventId } = event.data;
  return {
    key: visitKey(event),
    type: event.type,
    cameraId: event.cameraId,
    videoId: event.videoId,
    videoName: event.videoName,
    clipVideoId: event.clipVideoId,
    cameraName: event.cameraName,
    label: event.label,
    person: personOf(event),
    firstAt: event.occurredAt,
    firstSequence: event.sequence,
    lastAt: typeof endedAt === 'string' ? endedAt : event.occurredAt,
    running: JOINED.includes(event.type) && (event.state === 'new' || event.state === 'update'),
    begun: event.state === 'new' || event.state === undefined,
    best: typeof bestEventId === 'string' ? { ...event, id: bestEventId } : event,
    data: event.data,
  };
}

function personOf({ personId, personName, personScore }: EventView): VisitPerson | undefined {
  return personId === undefined
    ? undefined
    : { id: personId, name: personName ?? 'Somebody known', score: personScore };
}

/** What both say together; in any order and repeated, the result is the same. */
export function mergeVisits(a: Visit, b: Visit): Visit {
  const [first, second] = a.firstSequence <= b.firstSequence ? [a, b] : [b, a];
  return {
    key: a.key,
    type: a.type,
    cameraId: first.cameraId ?? second.cameraId,
    videoId: first.videoId ?? second.videoId,
    videoName: first.videoName ?? second.videoName,
    clipVideoId: first.clipVideoId ?? second.clipVideoId,
    cameraName: second.cameraName ?? first.cameraName,
    label: second.label ?? first.label,
    person: second.person ?? first.person,
    firstAt: first.firstAt,
    firstSequence: first.firstSequence,
    lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
    // An end stays an end, whatever comes late.
    running: a.running && b.running,
    begun: a.begun || b.begun,
    best: betterSighting(first.best, second.best),
    data: { ...first.data, ...second.data },
  };
}

/** The one with a picture, of those the one of higher quality, of those the later one. */
function betterSighting(first: Sighting, second: Sighting): Sighting {
  if (Boolean(first.snapshotUrl) !== Boolean(second.snapshotUrl)) return first.snapshotUrl ? first : second;
  return (qualityScore(second) ?? -1) >= (qualityScore(first) ?? -1) ? second : first;
}

/** 0 to 1, or `undefined` when the quality was not judged. */
export function qualityScore(sighting: Pick<EventView, 'quality'>): number | undefined {
  const score = sighting.quality?.['score'];
  return typeof score === 'number' ? score : undefined;
}

/**
 * The pages that were read with what happened since, each visit once, newest first. A live visit whose
 * beginning nobody saw belongs to a page that was not read yet, and waits for it.
 */
export function mergedVisits(read: readonly EventView[], live: Iterable<Visit>): Visit[] {
  const visits = new Map<string, Visit>();
  const add = (visit: Visit) => {
    const known = visits.get(visit.key);
    visits.set(visit.key, known ? mergeVisits(known, visit) : visit);
  };
  for (const row of read) add({ ...visitOf(row), begun: true });
  for (const visit of live) if (visit.begun || visits.has(visit.key)) add(visit);
  return [...visits.values()].sort((a, b) => b.firstSequence - a.firstSequence);
}
