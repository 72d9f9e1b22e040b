import { median, p95, percentile } from './statistics';

describe('percentiles', () => {
  it('interpolate, so that a few values do not jump from one to the next', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(p95(Array.from({ length: 101 }, (_, index) => index))).toBe(95);
    expect(percentile([10, 20], 0.25)).toBe(12.5);
  });

  it('of nothing are no number, which no target is held against', () => {
    expect(median([])).toBeNaN();
  });
});
