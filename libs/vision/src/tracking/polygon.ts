import type { Box, Point } from '@camfleet/domain';

/**
 * Even-odd rule: a ray to the right crosses the outline an odd number of times.
 * Source: W. R. Franklin, PNPOLY.
 */
export function isInside([x, y]: Point, outline: readonly Point[]): boolean {
  let inside = false;
  outline.forEach(([toX, toY], index) => {
    const [fromX, fromY] = outline.at(index - 1) ?? [0, 0];
    if (toY > y !== fromY > y && x < ((fromX - toX) * (y - toY)) / (fromY - toY) + toX) inside = !inside;
  });
  return inside;
}

export type Segment = readonly [from: Point, to: Point];

/** From point to point; `closed`: and back to the first. */
export function segmentsOf(points: readonly Point[], closed = false): Segment[] {
  const ends = points.slice(1).map((to, index): Segment => [points[index] ?? to, to]);
  const [first, last] = [points[0], points.at(-1)];
  return closed && first && last ? [...ends, [last, first]] : ends;
}

/** The shortest way from a point to any of the segments. */
export function distanceTo([x, y]: Point, segments: readonly Segment[]): number {
  const distances = segments.map(([[fromX, fromY], [toX, toY]]) => {
    const [dx, dy] = [toX - fromX, toY - fromY];
    const length = dx * dx + dy * dy;
    const along = length === 0 ? 0 : ((x - fromX) * dx + (y - fromY) * dy) / length;
    const share = Math.max(0, Math.min(1, along));
    return Math.hypot(fromX + share * dx - x, fromY + share * dy - y);
  });
  return Math.min(Infinity, ...distances);
}

/** Above 0: to the right of somebody who walks along the segment, as the picture shows it. */
export function sideOf([x, y]: Point, [[fromX, fromY], [toX, toY]]: Segment): number {
  return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX);
}

/** Where who is in a box stands: the middle of its lower edge. */
export function footPoint([x, y, width, height]: Box): Point {
  return [x + width / 2, y + height];
}
