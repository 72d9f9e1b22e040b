import { type Watch, checkWatches } from './watches';

const watch = (seen: Partial<Watch>): Watch => ({
  camera: 1,
  replica: 'api1',
  fromMs: 0,
  toMs: 60_000,
  end: 'left',
  silence: { fromMs: 30_000, lastsMs: 1_200 },
  ...seen,
});

describe('the check of viewers', () => {
  it('is content with connections that end with their replica or with the run', () => {
    const watches = [watch({ end: 'replica died' }), watch({ replica: 'api2' })];
    expect(checkWatches(watches)).toEqual({
      counts: { connections: 2, ended: 0, longestSilenceMs: 1_200 },
      breaches: [],
    });
  });

  it.each([
    [
      'a connection that ended though its replica lived',
      [watch({ end: 'ended' })],
      /cam1 at api1 was cut off/,
    ],
    [
      'a viewer who saw neither slate nor picture',
      [watch({ silence: { fromMs: 30_000, lastsMs: 9_000 } })],
      /got nothing for 9000 ms from 30000/,
    ],
    ['that nobody could watch at all', [], /no viewer/],
  ])('finds %s', (_, watches, sentence) => {
    expect(checkWatches(watches).breaches.join('\n')).toMatch(sentence);
  });
});
