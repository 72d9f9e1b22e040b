import type { JobCounts } from '@camfleet/protocol';

export const JOB_STATES = ['queued', 'leased', 'done', 'dead'] as const;

/** How many jobs are in each state, and how many of them nobody works on although they are due. */
export type Totals = Record<(typeof JOB_STATES)[number] | 'stuck', number>;

/** Of one type, or of all. */
export function totalsOf(items: JobCounts['items'], type?: string): Totals {
  const totals: Totals = { queued: 0, leased: 0, done: 0, dead: 0, stuck: 0 };
  for (const { analysisType, state, count, stuck } of items) {
    if (type !== undefined && analysisType !== type) continue;
    totals[state] += count;
    totals.stuck += stuck;
  }
  return totals;
}

export const typesOf = (items: JobCounts['items']) =>
  [...new Set(items.map(({ analysisType }) => analysisType))].sort((a, b) => a.localeCompare(b));
