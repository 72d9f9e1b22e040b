import type { Camera } from '@camfleet/protocol';

export type Zone = Camera['zones'][number];
export type Point = Zone['points'][number];

export const ZONE_KINDS: Readonly<Record<Zone['kind'], { words: string; what: string; color: string }>> = {
  include: { words: 'Only here', what: 'Counts only inside; tells who enters and leaves.', color: '#40c057' },
  exclude: { words: 'Not here', what: 'Nothing inside counts.', color: '#fa5252' },
  crop: {
    words: 'Look closer',
    what: 'Only this part is looked at, so that small things are found.',
    color: '#fab005',
  },
  line: { words: 'Line', what: 'Counts who crosses it, with the arrow and against it.', color: '#4dabf7' },
};

const SHAPES: Readonly<Record<Zone['kind'], readonly Point[]>> = {
  include: [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
  exclude: [
    [0.3, 0.3],
    [0.7, 0.3],
    [0.7, 0.7],
    [0.3, 0.7],
  ],
  crop: [
    [0.2, 0.2],
    [0.8, 0.2],
    [0.8, 0.8],
    [0.2, 0.8],
  ],
  line: [
    [0.2, 0.6],
    [0.8, 0.6],
  ],
};

/** A zone to begin with, in the middle of the picture. */
export function newZone(kind: Zone['kind'], { id, taken }: { id: string; taken: readonly Zone[] }): Zone {
  const { words } = ZONE_KINDS[kind];
  let number = 1;
  while (taken.some(({ name }) => name === `${words} ${number}`)) number += 1;
  return { id, name: `${words} ${number}`, kind, points: SHAPES[kind].map(([x, y]): Point => [x, y]) };
}

/** A point within the picture, to a thousandth of it. */
export function within([x, y]: Point): Point {
  const clamp = (share: number) => Math.round(Math.min(1, Math.max(0, share)) * 1000) / 1000;
  return [clamp(x), clamp(y)];
}

export function withPoint(zone: Zone, index: number, point: Point): Zone {
  return { ...zone, points: zone.points.map((known, at) => (at === index ? within(point) : known)) };
}

/** The whole zone moved, as far as the picture reaches. */
export function moved(zone: Zone, [dx, dy]: Point): Zone {
  const xs = zone.points.map(([x]) => x);
  const ys = zone.points.map(([, y]) => y);
  const stepX = Math.min(1 - Math.max(...xs), Math.max(-Math.min(...xs), dx));
  const stepY = Math.min(1 - Math.max(...ys), Math.max(-Math.min(...ys), dy));
  return { ...zone, points: zone.points.map(([x, y]) => within([x + stepX, y + stepY])) };
}

/** A line needs its two ends, an area three corners. */
export const leastPoints = ({ kind }: Pick<Zone, 'kind'>) => (kind === 'line' ? 2 : 3);

export const MAX_POINTS = 100;

export function withoutPoint(zone: Zone, index: number): Zone {
  if (zone.points.length <= leastPoints(zone)) return zone;
  return { ...zone, points: zone.points.filter((_, at) => at !== index) };
}

/** A corner more, in the middle of a side. */
export function withCornerAfter(zone: Zone, index: number): Zone {
  const side = sidesOf(zone)[index];
  if (!side || zone.points.length >= MAX_POINTS) return zone;
  const points = [...zone.points];
  points.splice(index + 1, 0, within(middle(side)));
  return { ...zone, points };
}

export type Side = readonly [Point, Point];

/** Of an area the last side leads back to the first corner; of a line it does not. */
export function sidesOf({ kind, points }: Zone): Side[] {
  const ends = kind === 'line' ? points.slice(1) : [...points.slice(1), ...points.slice(0, 1)];
  return ends.flatMap((end, index) => {
    const begin = points[index];
    return begin ? [[begin, end] as const] : [];
  });
}

export const middle = ([[ax, ay], [bx, by]]: Side): Point => [(ax + bx) / 2, (ay + by) / 2];

/** The other direction counts as forward. */
export function turned(zone: Zone): Zone {
  return { ...zone, points: [...zone.points].reverse() };
}

/**
 * Of a line, where its arrow begins and ends, in pixels: across the middle of its longest side, to the right hand of
 * somebody who walks from its first point to its last. Whoever goes that way crosses from left to right.
 */
export function arrowOf(line: Zone, { width, height }: { width: number; height: number }): Side | undefined {
  const length = ([[ax, ay], [bx, by]]: Side) => Math.hypot((bx - ax) * width, (by - ay) * height);
  const [side] = sidesOf(line).sort((a, b) => length(b) - length(a));
  if (!side || length(side) === 0) return undefined;
  const [[ax, ay], [bx, by]] = side;
  const [dx, dy] = [((bx - ax) * width) / length(side), ((by - ay) * height) / length(side)];
  const [x, y] = middle(side);
  const from: Point = [x * width, y * height];
  return [from, [from[0] - dy * ARROW_PX, from[1] + dx * ARROW_PX]];
}

const ARROW_PX = 46;
