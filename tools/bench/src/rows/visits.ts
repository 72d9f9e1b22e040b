import type { BenchRow, RowResult } from '../row';
import { watchMadePasses } from '../visits/made-passes';
import { watchVideos } from '../visits/videos';

export const visits: BenchRow = {
  number: 18,
  async run(context) {
    const { videos } = context;
    const seen =
      videos === undefined ? await watchMadePasses(context) : await watchVideos({ ...context, videos });
    const shared = { unit: '', compare: 'at most' } as const;
    const told: RowResult = {
      ...shared,
      name: 'a passing person: events per visit',
      measured: seen.visits / seen.passes,
      target: 1.1,
      details: { visits: seen.visits, ...seen.details },
    };
    const flips: RowResult = {
      ...shared,
      name: 'identity flips within a track',
      measured: seen.flips,
      target: 0,
      details: { 'later visits': seen.later, 'of them with the name of the first visitor': seen.named },
    };
    return [told, flips];
  },
};
