import { calibrate, type Calibration, falseMatchRateAt, thresholdAt } from './calibration';

const NORMAL: Calibration = { impostorMean: 0.02, impostorDeviation: 0.08, data: 'made', points: [] };

describe('thresholdAt: a wrong one calls strangers by name, or nobody', () => {
  it.each([
    [0.5, 0],
    [0.1, 1.2816],
    [1e-3, 3.0902],
    [1e-6, 4.7534],
  ])('is the normal tail where nothing was measured: %p', (rate, deviations) => {
    expect(thresholdAt(NORMAL, rate)).toBeCloseTo(0.02 + 0.08 * deviations, 3);
  });

  const measured = { ...NORMAL, points: [{ falseMatchRate: 0.01, score: 0.3 }, { falseMatchRate: 0.1, score: 0.1 }] }; // prettier-ignore

  it('is what was measured where it was measured, in whatever order', () => {
    expect(thresholdAt(measured, 0.01)).toBeCloseTo(0.3, 9);
    expect(thresholdAt(measured, 0.1)).toBeCloseTo(0.1, 9);
    expect(thresholdAt(measured, 0.03)).toBeGreaterThan(0.1);
    expect(thresholdAt(measured, 0.03)).toBeLessThan(0.3);
  });

  it('goes on from a tail that is heavier than the normal one', () => {
    expect(thresholdAt(measured, 1e-3)).toBeCloseTo(0.3 + 0.08 * (3.0902 - 2.3263), 3);
  });

  it('does not trust a tail that looks lighter than the normal one', () => {
    const light = { ...NORMAL, points: [{ falseMatchRate: 0.01, score: 0.1 }] };
    expect(thresholdAt(light, 1e-3)).toBeCloseTo(0.02 + 0.08 * 3.0902, 3);
  });

  it('never falls when fewer false matches are asked for', () => {
    const thresholds = Array.from({ length: 60 }, (_, step) => thresholdAt(measured, 0.5 * 0.7 ** step));
    thresholds
      .slice(1)
      .forEach((value, index) => expect(value).toBeGreaterThanOrEqual(thresholds[index] ?? 1));
  });
});

it('falseMatchRateAt says of a threshold the rate that it was made for', () => {
  for (const rate of [0.2, 0.01, 1e-4, 1e-7])
    expect(Math.log10(falseMatchRateAt(NORMAL, thresholdAt(NORMAL, rate)))).toBeCloseTo(Math.log10(rate), 2);
  expect(falseMatchRateAt(NORMAL, -1)).toBe(0.5);
  expect(falseMatchRateAt(NORMAL, 1)).toBeLessThan(1e-11);
});

describe('calibrate', () => {
  it('gives points only as far as the pairs reach', () => {
    const scores = Array.from({ length: 1000 }, (_, index) => index / 1000);
    const { impostorMean, impostorDeviation, points, impostorPairs } = calibrate(scores, 'made');
    expect(impostorMean).toBeCloseTo(0.4995, 4);
    expect(impostorDeviation).toBeCloseTo(0.2888, 4);
    expect(impostorPairs).toBe(1000);
    // 30 of 1,000 pairs lie at 0.97 or above.
    expect(points.at(-1)).toEqual({ falseMatchRate: 0.03, score: 0.97 });
  });

  it('refuses what tells nothing', () => expect(() => calibrate([0.1], '')).toThrow(RangeError));
});
