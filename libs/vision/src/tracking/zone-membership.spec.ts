import type { Point } from '@camfleet/domain';
import { ZoneMembership } from './zone-membership';

const SQUARE: Point[] = [
  [0.2, 0.2],
  [0.6, 0.2],
  [0.6, 0.6],
  [0.2, 0.6],
];

describe('ZoneMembership: who enters, stays and leaves', () => {
  it('tells each once, with how long', () => {
    const zone = new ZoneMembership(SQUARE, { dwellMs: 1_000 });
    const way: [Point, number][] = [
      [[0.1, 0.4], 0],
      [[0.3, 0.4], 200],
      [[0.4, 0.4], 1_000],
      [[0.4, 0.4], 1_300],
      [[0.4, 0.4], 2_500],
      [[0.9, 0.4], 3_000],
    ];
    expect(way.map(([at, timeMs]) => zone.observe(1, at, timeMs))).toEqual([
      undefined,
      { kind: 'enter', insideMs: 0 },
      undefined,
      { kind: 'dwell', insideMs: 1_100 },
      undefined,
      { kind: 'leave', insideMs: 2_800 },
    ]);
  });

  it('does not flicker on the outline', () => {
    const zone = new ZoneMembership(SQUARE);
    const swaying = (from: number) =>
      Array.from({ length: 20 }, (_, step) => zone.observe(1, [step % 2 ? 0.605 : 0.595, 0.4], from + step));
    expect(swaying(0).every((change) => change === undefined)).toBe(true);
    expect(zone.observe(1, [0.5, 0.4], 100)?.kind).toBe('enter');
    expect(swaying(200).every((change) => change === undefined)).toBe(true);
    expect(zone.occupancy).toBe(1);
  });

  it('lets go of a track that ends inside', () => {
    const zone = new ZoneMembership(SQUARE);
    zone.observe(1, [0.4, 0.4], 0);
    zone.observe(2, [0.4, 0.4], 500);
    expect(zone.leave(1, 900)).toEqual({ kind: 'leave', insideMs: 900 });
    expect(zone.leave(1, 900)).toBeUndefined();
    expect(zone.occupancy).toBe(1);
  });

  it('knows the notch of a zone that is not convex', () => {
    const notched: Point[] = [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.5, 0.3],
      [0.1, 0.9],
    ];
    const zone = new ZoneMembership(notched);
    expect(zone.observe(1, [0.5, 0.8], 0)).toBeUndefined();
    expect(zone.observe(1, [0.2, 0.5], 200)?.kind).toBe('enter');
  });
});
