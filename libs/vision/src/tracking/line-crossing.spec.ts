import type { Point } from '@camfleet/domain';
import { LineCrossing } from './line-crossing';

/** Walks point by point. @returns what was told */
const walk = (line: LineCrossing, points: readonly Point[], id = 1) =>
  points.map((point) => line.observe(id, point)).filter((direction) => direction !== undefined);
const DOWN: Point[] = [
  [0.5, 0.2],
  [0.5, 0.8],
];

describe('LineCrossing: who walks over a line counts once', () => {
  it('tells both ways apart', () => {
    const line = new LineCrossing(DOWN);
    // Somebody who walks down the picture has its left side at their right hand.
    expect(
      walk(line, [
        [0.6, 0.5],
        [0.4, 0.5],
      ]),
    ).toEqual(['leftToRight']);
    expect(walk(line, [[0.6, 0.5]])).toEqual(['rightToLeft']);
    expect(line.counts).toEqual({ leftToRight: 1, rightToLeft: 1 });
  });

  it('counts once who stands and sways on it, and not at all who turns back', () => {
    const line = new LineCrossing(DOWN);
    const swaying = Array.from({ length: 21 }, (_, step): Point => [step % 2 ? 0.505 : 0.495, 0.5]);
    expect(walk(line, [[0.4, 0.5], ...swaying, [0.6, 0.5]])).toEqual(['rightToLeft']);
    expect(walk(line, [[0.4, 0.5], ...swaying, [0.4, 0.5]], 2)).toEqual([]);
  });

  it('does not count who walks around its end', () => {
    const line = new LineCrossing(DOWN);
    expect(
      walk(line, [
        [0.4, 0.5],
        [0.4, 0.9],
        [0.6, 0.9],
        [0.6, 0.5],
      ]),
    ).toEqual([]);
  });

  it('counts a jump from far to far, and a step exactly through a corner once', () => {
    const corner: Point[] = [
      [0.2, 0.2],
      [0.5, 0.5],
      [0.8, 0.2],
    ];
    expect(
      walk(new LineCrossing(corner), [
        [0.5, 0.1],
        [0.5, 0.9],
      ]),
    ).toEqual(['leftToRight']);
    expect(
      walk(new LineCrossing(DOWN), [
        [0, 0.5],
        [1, 0.5],
      ]),
    ).toEqual(['rightToLeft']);
  });

  it('counts a step that ends on the line once, when it is left on the other side', () => {
    const line = new LineCrossing(DOWN);
    expect(
      walk(line, [
        [0.4, 0.5],
        [0.5, 0.5],
        [0.6, 0.5],
      ]),
    ).toEqual(['rightToLeft']);
    expect(
      walk(line, [
        [0.5, 0.5],
        [0.4, 0.5],
      ]),
    ).toEqual(['leftToRight']);
  });

  it('keeps tracks apart, and forgets those that ended', () => {
    const line = new LineCrossing(DOWN);
    walk(line, [[0.4, 0.5]], 1);
    expect(walk(line, [[0.6, 0.5]], 2)).toEqual([]);
    line.forget(1);
    expect(walk(line, [[0.6, 0.5]], 1)).toEqual([]);
  });
});
