import { EventPage, type EventType, type EventView } from '@camfleet/protocol';
import { call, queryString } from './http';

export interface VisitQuery {
  cameraId?: string;
  type?: EventType;
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

/** One row a visit, newest first. */
export const listVisits = (query: VisitQuery, at: { cursor?: string; signal?: AbortSignal }) =>
  call(`/api/events${queryString({ view: 'visits', limit: VISITS_PER_PAGE, ...query, cursor: at.cursor })}`, {
    answer: EventPage,
    signal: at.signal,
  });
