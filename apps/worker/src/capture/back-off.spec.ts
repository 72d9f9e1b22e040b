import { BackOff } from './back-off';

describe('BackOff', () => {
  it('doubles the bound until the cap, so that a dead camera is not hammered', () => {
    const backOff = new BackOff({ firstMs: 200, capMs: 10_000, random: () => 1 });
    const waits = Array.from({ length: 8 }, () => backOff.nextMs());
    expect(waits).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]);
  });

  it('spreads a fleet that lost its cameras together over the whole interval', () => {
    const backOff = new BackOff({ firstMs: 200, capMs: 10_000, random: () => 0.25 });
    expect(backOff.nextMs()).toBe(50);
  });

  it('begins with short waits again after a success', () => {
    const backOff = new BackOff({ firstMs: 200, capMs: 10_000, random: () => 1 });
    backOff.nextMs();
    backOff.nextMs();
    backOff.reset();
    expect(backOff.nextMs()).toBe(200);
  });
});
