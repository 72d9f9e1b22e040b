import { JobCounts, JobPage, RedriveAnswer, ResultPage, type JobView } from '@camfleet/protocol';
import { call, queryString } from './http';

export type JobState = JobView['state'];

export interface JobFilter {
  state?: JobState;
  type?: string;
  /** Of one event or video. */
  eventId?: string;
}

const JOBS_PER_PAGE = 50;

/** Newest first. */
export const listJobs = (filter: JobFilter, at: { cursor?: string; signal?: AbortSignal }) =>
  call(`/api/jobs${queryString({ limit: JOBS_PER_PAGE, ...filter, cursor: at.cursor })}`, {
    answer: JobPage,
    signal: at.signal,
  });

const RESULTS_PER_PAGE = 10;

/** Of one type, about one event or video. */
interface ResultsOf {
  eventId: string;
  type: string;
}

export const resultsUrl = ({ eventId, type }: ResultsOf, at: { limit?: number; cursor?: string } = {}) =>
  `/api/vision/results${queryString({ event_id: eventId, analysis_type: type, ...at })}`;

/** What workers said, as they said it; newest first. */
export const listResults = (of: ResultsOf, { cursor, signal }: { cursor?: string; signal?: AbortSignal }) =>
  call(resultsUrl(of, { limit: RESULTS_PER_PAGE, cursor }), { answer: ResultPage, signal });

export const countJobs = (signal?: AbortSignal) => call('/api/jobs/counts', { answer: JobCounts, signal });

export const redriveJob = (id: number) => call(`/api/jobs/${id}/redrive`, { method: 'POST' });

/** All dead ones, or those of a type. */
export const redriveJobs = (type: string | undefined) =>
  call('/api/jobs/redrive', {
    method: 'POST',
    body: type === undefined ? {} : { type },
    answer: RedriveAnswer,
  });
