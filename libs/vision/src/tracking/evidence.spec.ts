import { hasMoved, scoreBeside } from './evidence';

describe('hasMoved: whether a thing is elsewhere, and not only seen otherwise', () => {
  it.each<[string, Parameters<typeof hasMoved>, boolean]>([
    [
      'that walked on',
      [
        [0.4, 0.3, 0.1, 0.4],
        [0.5, 0.3, 0.1, 0.4],
      ],
      true,
    ],
    [
      'that drove away and got smaller',
      [
        [0.35, 0.37, 0.26, 0.61],
        [0.36, 0, 0.16, 0.36],
      ],
      true,
    ],
    [
      'whose box trembles',
      [
        [0.4, 0.3, 0.1, 0.4],
        [0.41, 0.31, 0.1, 0.4],
      ],
      false,
    ],
    [
      'of which the legs are seen, too',
      [
        [0.4, 0.3, 0.1, 0.2],
        [0.4, 0.3, 0.1, 0.6],
      ],
      false,
    ],
    [
      'that is hidden on one side',
      [
        [0.4, 0.3, 0.4, 0.4],
        [0.6, 0.3, 0.2, 0.4],
      ],
      false,
    ],
    [
      'that puts out its arms',
      [
        [0.4, 0.3, 0.2, 0.4],
        [0.3, 0.3, 0.4, 0.4],
      ],
      false,
    ],
  ])('one %s', (_name, [from, to], moved) => {
    expect(hasMoved(from, to)).toBe(moved);
  });
});

describe('scoreBeside: what is left of a score beside what is seen already', () => {
  const torso = { box: [0.4, 0.5, 0.1, 0.2], score: 0.5, label: 'person' } as const;
  const whole = { box: [0.4, 0.3, 0.1, 0.4], label: 'person' } as const;

  it('lessens it with the overlap, of the same kind alone', () => {
    expect(scoreBeside(torso, [])).toBe(0.5);
    expect(scoreBeside(torso, [whole])).toBeCloseTo(0.5 * Math.exp(-0.5));
    expect(scoreBeside(torso, [{ ...whole, label: 'bicycle' }])).toBe(0.5);
    expect(scoreBeside(torso, [{ ...whole, box: [0.7, 0.3, 0.1, 0.4] }])).toBe(0.5);
  });

  it('knows one thing by two names where both lie in the same place', () => {
    expect(scoreBeside({ ...torso, label: 'dog' }, [{ ...torso, label: 'sheep' }])).toBeLessThan(0.1);
  });
});
