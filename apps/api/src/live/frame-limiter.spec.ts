import { FrameLimiter } from './frame-limiter';

describe('a viewer that wants few pictures', () => {
  it('gets its rate, slates at once, and the live picture at once after a slate', () => {
    const limiter = new FrameLimiter(1);
    const admitted = (timestampMs: number, slate = false) => limiter.admit({ timestampMs, slate });
    expect([admitted(0), admitted(100)]).toEqual([true, false]);
    expect([admitted(0, true), admitted(200), admitted(300)]).toEqual([true, true, false]);
  });
});
