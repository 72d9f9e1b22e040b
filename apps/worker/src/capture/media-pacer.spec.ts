import { MediaPacer } from './media-pacer';

/** Plays packets with these media times, sleeping as told; gives the time of each. */
function play(mediaTimes: (number | undefined)[], fps?: number): number[] {
  const pacer = new MediaPacer();
  let nowMs = 1000;
  return mediaTimes.map((mediaTimeMs) => {
    nowMs += pacer.delayMs(mediaTimeMs, { nowMs, fps });
    return nowMs - 1000;
  });
}

describe('MediaPacer', () => {
  it('plays a file at its own speed', () => {
    expect(play([0, 40, 80, 200])).toEqual([0, 40, 80, 200]);
  });

  it('goes on without a pause when a looped file begins again', () => {
    expect(play([0, 40, 80, 0, 40], 25)).toEqual([0, 40, 80, 120, 160]);
  });

  it.each([
    ['missing', undefined],
    ['an hour ahead', 3_600_000],
    ['far back', -50_000],
  ])('neither stalls nor rushes when a time stamp is %s', (_name, wrong) => {
    const times = play([0, 100, wrong, 200, 300], 10);
    expect(times.slice(0, 3)).toEqual([0, 100, 200]);
    expect(Math.max(...times)).toBeLessThanOrEqual(500);
  });

  it('does not hurry through what was late', () => {
    const pacer = new MediaPacer();
    pacer.delayMs(0, { nowMs: 0, fps: 25 });
    expect(pacer.delayMs(40, { nowMs: 9000, fps: 25 })).toBe(0);
    expect(pacer.delayMs(80, { nowMs: 9000, fps: 25 })).toBe(40);
  });
});
