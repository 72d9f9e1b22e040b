import { EventPage, type EventListQuery, type EventType, type EventView } from '@camfleet/protocol';
import { call, queryString } from './http';

export interface VisitQuery {
  cameraId?: string;
  videoId?: string;
  source?: EventListQuery['source'];
  type?: EventType;
  personId?: string;
  label?: string;
  /** ISO 8601, inclusive. */
  from?: string;
  to?: string;
}

const FLEET_EVENTS = 10;

/** The last losses and arrivals of workers. */
export async function listFleetEvents(signal?: AbortSignal): Promise<EventView[]> {
  const pages = await Promise.all(
    (['worker.lost', 'worker.online'] as const).map((type) =>
      call(`/api/events${queryString({ type, limit: FLEET_EVENTS })}`, { answer: EventPage, signal }),
    ),
  );
  return pages.flatMap(({ items }) => items);
}

const VISITS_PER_PAGE = 48;

/** Of these several belong to one track, and each is told for itself. */
const WITHOUT_VISITS: readonly (EventType | undefined)[] = ['zone', 'line', 'hazard'];

/** One row a visit, or an event where there are no visits; newest first. */
export const listVisits = (query: VisitQuery, at: { cursor?: string; signal?: AbortSignal }) => {
  const view = WITHOUT_VISITS.includes(query.type) ? 'events' : 'visits';
  return call(`/api/events${queryString({ view, limit: VISITS_PER_PAGE, ...query, cursor: at.cursor })}`, {
    answer: EventPage,
    signal: at.signal,
  });
};
