import type { JobView } from '@camfleet/protocol';

type JobState = JobView['state'];

const LOOKS: Readonly<Record<JobState, { words: string; color: string }>> = {
  queued: { words: 'Waits', color: 'blue' },
  leased: { words: 'Being done', color: 'indigo' },
  done: { words: 'Done', color: 'green' },
  dead: { words: 'Given up', color: 'red' },
};

export const jobStateInWords = (state: JobState) => LOOKS[state].words;
export const jobStateColor = (state: JobState) => LOOKS[state].color;

type Held = Pick<JobView, 'state' | 'leasedUntil' | 'nextRetryAt'>;

/** Somebody took it, and was not heard of until the lease ended. */
export const isStuck = ({ state, leasedUntil }: Held, nowMs: number) =>
  state === 'leased' && leasedUntil !== null && Date.parse(leasedUntil) < nowMs;

/** It failed, and waits before it is tried again. */
export const isWaitingToRetry = ({ state, nextRetryAt }: Held, nowMs: number) =>
  state === 'queued' && nextRetryAt !== null && Date.parse(nextRetryAt) > nowMs;

/** `Attempt 2 of 5`; of what worked at once nothing. */
export const attemptsInWords = ({ state, attemptCount, maxAttempts }: JobView) =>
  state === 'done' && attemptCount <= 1
    ? undefined
    : attemptCount === 0
      ? 'Not tried yet'
      : `Attempt ${attemptCount} of ${maxAttempts}`;
