import { JobCounts, JobPage, RedriveAnswer, type JobView } from '@camfleet/protocol';
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

export const countJobs = (signal?: AbortSignal) => call('/api/jobs/counts', { answer: JobCounts, signal });

export const redriveJob = (id: number) => call(`/api/jobs/${id}/redrive`, { method: 'POST' });

/** All dead ones, or those of a type. */
export const redriveJobs = (type: string | undefined) =>
  call('/api/jobs/redrive', {
    method: 'POST',
    body: type === undefined ? {} : { type },
    answer: RedriveAnswer,
  });
