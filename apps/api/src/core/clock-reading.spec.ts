import { ClockReading } from './clock-reading';

describe('the reading of the database’s clock', () => {
  const read = (exchange: { clockMs: number; sentAtMs: number; receivedAtMs: number }) => {
    const reading = new ClockReading();
    reading.observe(exchange);
    return reading;
  };

  it('is of the middle of the round trip, and goes on while the database is away', () => {
    const reading = read({ clockMs: 1_000_000, sentAtMs: 100, receivedAtMs: 120 });
    expect(reading.at(120)).toBe(1_000_010);
    expect(reading.at(60_120)).toBe(1_060_010);
  });

  it('is not made worse by an answer that a busy replica got late', () => {
    const reading = read({ clockMs: 1_000_000, sentAtMs: 100, receivedAtMs: 102 });
    reading.observe({ clockMs: 1_002_000, sentAtMs: 2_101, receivedAtMs: 5_101 });
    expect(reading.at(5_101)).toBe(1_005_000);
  });

  it('follows the clock when it jumps ahead, and a machine that has slept', () => {
    const reading = read({ clockMs: 1_000_000, sentAtMs: 100, receivedAtMs: 102 });
    reading.observe({ clockMs: 1_302_000, sentAtMs: 2_100, receivedAtMs: 2_110 });
    expect(reading.at(2_105)).toBe(1_302_000);
  });

  it('never goes back: a clock that was set back is waited for', () => {
    const reading = read({ clockMs: 1_000_000, sentAtMs: 100, receivedAtMs: 100 });
    const before = reading.at(2_100);
    reading.observe({ clockMs: 1_001_000, sentAtMs: 2_100, receivedAtMs: 2_100 });
    expect(reading.at(2_200)).toBe(before);
    expect(reading.at(4_100)).toBe(before + 1_000);
  });
});
