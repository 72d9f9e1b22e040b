import { FrameMeter } from './frame-meter';

describe('FrameMeter', () => {
  it('measures what was drawn lately, and nothing once frames stop', () => {
    const meter = new FrameMeter(3_000);
    expect(meter.fps(0)).toBeUndefined();
    for (let time = 0; time <= 10_000; time += 100) meter.mark(time);
    expect(meter.fps(10_000)).toBeCloseTo(10);
    expect(meter.fps(14_000)).toBeUndefined();
  });
});
