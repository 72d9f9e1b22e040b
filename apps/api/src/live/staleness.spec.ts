import { Staleness } from './staleness';

/** When slates are shown after the last of some pictures, looked at ten times a second. */
function slatesAfter({
  pictures,
  gapMs,
  connected = true,
  forMs,
}: {
  pictures: number;
  gapMs: number;
  connected?: boolean;
  forMs: number;
}): number[] {
  const staleness = new Staleness({ fps: Infinity, nowMs: 0 });
  let nowMs = 0;
  for (let n = 0; n < pictures; n += 1) staleness.pictureShown((nowMs += gapMs));
  const shown: number[] = [];
  for (let afterMs = 100; afterMs <= forMs; afterMs += 100)
    if (staleness.takeSlate({ connected, nowMs: nowMs + afterMs })) shown.push(afterMs);
  return shown;
}

describe('a viewer that sees nothing new', () => {
  it.each([
    ['its worker died', { pictures: 100, gapMs: 66, connected: false, forMs: 2_000 }, [500, 1_500]],
    ['its fast camera is silent', { pictures: 100, gapMs: 66, forMs: 2_500 }, [1_000, 2_000]],
    ['it has only begun', { pictures: 0, gapMs: 0, forMs: 1_600 }, [500, 1_500]],
    ['its camera shows one picture a second', { pictures: 50, gapMs: 1_000, forMs: 3_000 }, [3_000]],
  ])('is told with slates when %s', (_what, situation, expected) => {
    expect(slatesAfter(situation)).toEqual(expected);
  });

  it('of a camera with a picture each five seconds learns that this is usual: no flicker', () => {
    const staleness = new Staleness({ fps: Infinity, nowMs: 0 });
    const slates: number[] = [];
    for (let nowMs = 0; nowMs <= 60_000; nowMs += 250) {
      if (nowMs % 5_000 === 0) staleness.pictureShown(nowMs);
      if (staleness.takeSlate({ connected: true, nowMs })) slates.push(nowMs);
    }
    expect(Math.max(...slates)).toBeLessThan(5_000);
  });

  it('is not made patient by an outage', () => {
    const staleness = new Staleness({ fps: Infinity, nowMs: 0 });
    let nowMs = 0;
    for (let n = 0; n < 50; n += 1) staleness.pictureShown((nowMs += 100));
    staleness.workersSlateShown((nowMs += 5_000));
    for (let n = 0; n < 2; n += 1) staleness.pictureShown((nowMs += 100));
    expect(staleness.takeSlate({ connected: true, nowMs: nowMs + 1_000 })).toBe(true);
  });
});
