import { inTurns } from './claim-rounds';

describe('the order in which many claims are served', () => {
  it('gives everybody one before anybody gets a second: few jobs do not all go to who asked first', () => {
    const [a, b, c] = [{ maxJobs: 3 }, { maxJobs: 1 }, { maxJobs: 2 }];
    expect(inTurns([a, b, c])).toEqual([a, b, c, a, c, a]);
    expect(inTurns([])).toEqual([]);
  });
});
