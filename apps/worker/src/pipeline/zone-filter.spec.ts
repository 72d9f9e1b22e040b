import type { Point } from '@camfleet/domain';
import { ZoneFilter } from './zone-filter';

type Kind = 'include' | 'exclude' | 'crop' | 'line';
const zone = (kind: Kind, points: [number, number][]) => ({ id: kind, name: kind, kind, points });

const LEFT_HALF: [number, number][] = [
  [0, 0],
  [0.5, 0],
  [0.5, 1],
  [0, 1],
];
/** An L: its notch is the upper right quarter. */
const CORNER: [number, number][] = [
  [0, 0],
  [0.5, 0],
  [0.5, 0.5],
  [1, 0.5],
  [1, 1],
  [0, 1],
];

describe('ZoneFilter: who counts by where they are', () => {
  it.each<[string, ReturnType<typeof zone>[], Point, boolean]>([
    ['everybody, without zones', [], [0.7, 0.2], true],
    ['who is in a zone to watch', [zone('include', LEFT_HALF)], [0.2, 0.2], true],
    ['not who is beside it', [zone('include', LEFT_HALF)], [0.7, 0.2], false],
    ['not who is in a zone to leave out', [zone('exclude', LEFT_HALF)], [0.2, 0.2], false],
    ['who is beside that', [zone('exclude', LEFT_HALF)], [0.7, 0.2], true],
    [
      'not who is left out inside of what is watched',
      [zone('include', CORNER), zone('exclude', LEFT_HALF)],
      [0.2, 0.7],
      false,
    ],
    ['not who is in the notch of an outline', [zone('include', CORNER)], [0.7, 0.2], false],
    ['who is in its foot', [zone('include', CORNER)], [0.7, 0.7], true],
    [
      'not who is outside of the crop',
      [
        zone('crop', [
          [0.2, 0.2],
          [0.6, 0.6],
        ]),
      ],
      [0.7, 0.5],
      false,
    ],
    [
      'who is inside of it',
      [
        zone('crop', [
          [0.2, 0.2],
          [0.6, 0.6],
        ]),
      ],
      [0.3, 0.5],
      true,
    ],
    [
      'everybody, for all that a line says',
      [
        zone('line', [
          [0, 0.5],
          [1, 0.5],
        ]),
      ],
      [0.7, 0.2],
      true,
    ],
    [
      'everybody, when an outline encloses nothing',
      [
        zone('include', [
          [0, 0.5],
          [1, 0.5],
        ]),
      ],
      [0.7, 0.2],
      true,
    ],
  ])('takes %s', (...[, zones, point, expected]) => {
    expect(new ZoneFilter(zones).accepts(point)).toBe(expected);
  });
});
