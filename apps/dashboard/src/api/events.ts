import { EventPage, type EventType } from '@camfleet/protocol';
import { call, queryString } from './http';

export interface VisitQuery {
  cameraId?: string;
  type?: EventType;
  /** ISO 8601, inclusive. */
  from?: string;
  to?: string;
}

const VISITS_PER_PAGE = 48;

/** One row a visit, newest first. */
export const listVisits = (query: VisitQuery, at: { cursor?: string; signal?: AbortSignal }) =>
  call(`/api/events${queryString({ view: 'visits', limit: VISITS_PER_PAGE, ...query, cursor: at.cursor })}`, {
    answer: EventPage,
    signal: at.signal,
  });
