import type { EventListQuery, EventView } from '@camfleet/protocol';
import type { VisitNotice } from '../../api/live-client';
import { mergeVisits, visitKey, visitOf, type Visit } from './visit';

export const VISIT_TYPES = ['face', 'object', 'zone', 'line'] as const;
export type VisitType = (typeof VISIT_TYPES)[number];

export interface VisitFilter {
  /** Left out: faces. */
  type?: VisitType;
  /** What an object is. */
  label?: string;
  personId?: string;
  cameraId?: string;
  /** In which recording. */
  videoId?: string;
  /** Cameras alone, or recordings alone. */
  source?: EventListQuery['source'];
  /** ISO 8601; the visit began at this time or later. */
  from?: string;
  /** The visit began before this time. */
  to?: string;
}

/** Visits kept beside the pages that were read; those that changed longest ago are dropped. */
export const MAX_LIVE_VISITS = 500;

/** Whether an event may belong to a list. Times are those of a visit's beginning, as the server filters. */
function matches(event: EventView, filter: VisitFilter): boolean {
  if (event.type !== (filter.type ?? 'face')) return false;
  if (filter.label !== undefined && event.label !== filter.label) return false;
  if (filter.personId !== undefined && event.personId !== filter.personId) return false;
  if (filter.videoId !== undefined && event.videoId !== filter.videoId) return false;
  if (filter.cameraId !== undefined && event.cameraId !== filter.cameraId) return false;
  if (filter.source !== undefined && (event.cameraId === undefined) !== (filter.source === 'recording'))
    return false;
  if (event.state === 'update' || event.state === 'end') return true;
  const at = Date.parse(event.occurredAt);
  if (filter.from !== undefined && at < Date.parse(filter.from)) return false;
  return filter.to === undefined || at < Date.parse(filter.to);
}

/** `visits` with one more event; `visits` itself never changes, and is given back if the event is not for it. */
export function withLiveEvent(
  visits: ReadonlyMap<string, Visit>,
  event: EventView,
  filter: VisitFilter,
): ReadonlyMap<string, Visit> {
  if (!matches(event, filter)) return visits;
  const key = visitKey(event);
  const known = visits.get(key);
  const next = new Map(visits);
  // Deleted first, so that the map stays in the order of the last change.
  next.delete(key);
  next.set(key, known ? mergeVisits(known, visitOf(event)) : visitOf(event));
  const [oldest] = next.keys();
  if (next.size > MAX_LIVE_VISITS && oldest !== undefined) next.delete(oldest);
  return next;
}

/** `visits` after somebody was recognised or corrected; given back if no visit of them is concerned. */
export function withIdentity(
  visits: ReadonlyMap<string, Visit>,
  notice: VisitNotice,
): ReadonlyMap<string, Visit> {
  const known = visits.get(notice.trackId);
  if (!known) return visits;
  const { personId, personName, personScore } = notice;
  const person =
    personId === null
      ? undefined
      : { id: personId, name: personName ?? 'Somebody known', score: personScore ?? undefined };
  return new Map(visits).set(known.key, { ...known, person });
}

/** A row of a list, whom it shows told anew. */
export function eventWithIdentity(event: EventView, notice: VisitNotice): EventView {
  if (event.trackId !== notice.trackId) return event;
  return {
    ...event,
    personId: notice.personId ?? undefined,
    personName: notice.personName ?? undefined,
    personScore: notice.personScore ?? undefined,
  };
}
