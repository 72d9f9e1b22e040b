import type { Box } from '@camfleet/domain';
import { isBetter, mayBeBetter, type Sighting } from './best-picture';

const usual: Sighting = { offsetMs: 1_000, box: [0.4, 0.4, 0.2, 0.2], score: 0.7, sharpness: 0.5 };
const but = (change: Partial<Sighting>): Sighting => ({ ...usual, ...change });
const corner: Box = [0, 0, 0.2, 0.2];

describe('the best picture of a track', () => {
  it.each<[string, Partial<Sighting>, Partial<Sighting>?]>([
    [
      'larger, though worse in all else',
      { box: [0, 0, 0.3, 0.3], score: 0.4, sharpness: 0, offsetMs: 9_000 },
    ],
    ['as large and surer, though blurred', { score: 0.9, sharpness: 0, box: corner, offsetMs: 9_000 }],
    ['as large and sure, and sharper', { sharpness: 0.9, box: corner, offsetMs: 9_000 }],
    ['like it, and nearer to the middle', { box: [0.39, 0.39, 0.2, 0.2], offsetMs: 9_000 }, { box: corner }],
    ['like it in all, and earlier', { offsetMs: 500 }],
  ])('is the one that is %s', (_name, change, than = {}) => {
    expect(isBetter(but(change), but(than))).toBe(true);
    expect(isBetter(but(than), but(change))).toBe(false);
  });

  it('lets a detector’s jitter of the area decide nothing: the sharp picture wins', () => {
    const jitter = but({ box: [0.4, 0.4, 0.2, 0.2005], sharpness: 0.1 });
    expect(isBetter(jitter, usual)).toBe(false);
    expect(isBetter(usual, jitter)).toBe(true);
  });

  it('is not looked for in pictures whose area or score speak against them', () => {
    expect(mayBeBetter({ box: [0, 0, 0.1, 0.1], score: 0.99 }, usual)).toBe(false);
    expect(mayBeBetter({ box: usual.box, score: 0.4 }, usual)).toBe(false);
    expect(mayBeBetter({ box: usual.box, score: 0.7 }, usual)).toBe(true);
  });
});
