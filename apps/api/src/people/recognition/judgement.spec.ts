import { candidates, judge, thresholdsOf } from './judgement';

const LIMITS = { person: 0.5, margin: 0.05 };
const near = (personId: string, score: number, negativeScore?: number) => ({
  personId,
  score,
  negativeScore,
});

describe('whom a face shows', () => {
  it('is whoever is nearest, from the threshold on', () => {
    expect(judge([near('ada', 0.5)], LIMITS)).toEqual({ personId: 'ada', score: 0.5 });
    expect(judge([near('ada', 0.49)], LIMITS)).toBeNull();
    expect(judge([], LIMITS)).toBeNull();
  });

  it('is nobody when a second one is nearly as near, also one below the threshold', () => {
    expect(judge([near('ada', 0.8), near('bob', 0.76)], LIMITS)).toBeNull();
    expect(judge([near('ada', 0.52), near('bob', 0.48)], LIMITS)).toBeNull();
    expect(judge([near('ada', 0.8), near('bob', 0.74)], LIMITS)?.personId).toBe('ada');
  });

  it('is never somebody whose denied face is at least as near; the next one may be meant', () => {
    expect(judge([near('ada', 0.8, 0.8), near('bob', 0.78)], LIMITS)?.personId).toBe('bob');
    expect(judge([near('ada', 0.8, 0.7)], LIMITS)?.personId).toBe('ada');
  });

  it('is never somebody of whom a user said that it is not', () => {
    expect(judge([near('ada', 0.9)], LIMITS, ['ada'])).toBeNull();
    expect(candidates([near('ada', 0.9), near('bob', 0.3)], ['ada'])).toEqual([
      { personId: 'bob', score: 0.3 },
    ]);
  });
});

describe('thresholds', () => {
  const points = [
    { falseMatchRate: 1e-3, score: 0.2 },
    { falseMatchRate: 1e-4, score: 0.3 },
    { falseMatchRate: 1e-6, score: 0.4 },
  ];
  const calibration = { impostorMean: 0, impostorDeviation: 0.1, data: 'made up', points };

  it('grow with the number of people: one false name in 10,000 strangers, however many are known', () => {
    expect(thresholdsOf(calibration, 1)?.person).toBeCloseTo(0.3, 6);
    expect(thresholdsOf(calibration, 0)?.person).toBeCloseTo(0.3, 6);
    expect(thresholdsOf(calibration, 100)?.person).toBeCloseTo(0.4, 6);
    expect(thresholdsOf(calibration, 10_000)?.person).toBeGreaterThan(0.4);
  });

  it('are none without a calibration: nobody is given a name by itself', () => {
    expect(thresholdsOf(null, 1)).toBeNull();
  });
});
