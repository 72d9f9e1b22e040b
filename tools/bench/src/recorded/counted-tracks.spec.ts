import { compareTracks } from './counted-tracks';

const person = (from: number, to: number) => ({ label: 'person', start_ms: from * 1000, end_ms: to * 1000 });

describe('tracks against what was counted', () => {
  it('finds nothing wrong where each thing has one track', () => {
    const things = [[6, 20] as const, [22, 45] as const];
    expect(compareTracks([person(6.2, 19), person(23, 44)], things)).toEqual({
      counted: 2,
      found: 2,
      switches: 0,
    });
  });

  it('tells a lost id from one that went over to somebody else', () => {
    expect(compareTracks([person(6, 10), person(11, 20)], [[6, 20]])).toMatchObject({
      found: 2,
      switches: 1,
    });
    expect(
      compareTracks(
        [person(6, 45)],
        [
          [6, 20],
          [22, 45],
        ],
      ),
    ).toMatchObject({ found: 1, switches: 1 });
  });

  it('takes two who are there together for no exchange of ids', () => {
    expect(
      compareTracks(
        [person(0, 10), person(1, 9)],
        [
          [0, 10],
          [0, 10],
        ],
      ),
    ).toEqual({ counted: 2, found: 2, switches: 0 });
  });

  it('counts what is seen where nothing is', () => {
    expect(compareTracks([person(1, 2)], [])).toEqual({ counted: 0, found: 1, switches: 0 });
  });
});
