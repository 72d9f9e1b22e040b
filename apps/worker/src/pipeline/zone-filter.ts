import type { Point } from '@camfleet/domain';
import type { Assignment } from '@camfleet/protocol';
import { isInside } from '@camfleet/vision';

type Zone = Assignment['zones'][number];

/**
 * Where somebody counts: inside of one of the `include` zones if there are any, inside of the `crop` zones' rectangle if
 * there are any, and in no `exclude` zone. Points are fractions of the frame.
 */
export class ZoneFilter {
  private readonly included: readonly Zone[];
  private readonly excluded: readonly Zone[];
  /** Of all `crop` zones together; nothing outside of it is analysed. */
  readonly crop: { x: number; y: number; width: number; height: number } | undefined;

  constructor(zones: readonly Zone[]) {
    const areas = zones.filter(({ points }) => points.length >= 3);
    this.included = areas.filter(({ kind }) => kind === 'include');
    this.excluded = areas.filter(({ kind }) => kind === 'exclude');
    this.crop = boundsOf(zones.filter(({ kind }) => kind === 'crop').flatMap(({ points }) => points));
  }

  get isEmpty(): boolean {
    return this.included.length === 0 && this.excluded.length === 0 && this.crop === undefined;
  }

  accepts(point: Point): boolean {
    return this.sees(point) && this.selects(point);
  }

  /** Not left out: inside of the crop, and in no `exclude` zone. */
  sees([x, y]: Point): boolean {
    const { crop, excluded } = this;
    if (crop && (x < crop.x || y < crop.y || x > crop.x + crop.width || y > crop.y + crop.height))
      return false;
    return !excluded.some(({ points }) => isInside([x, y], points));
  }

  /** In an `include` zone, if there are any. */
  selects(point: Point): boolean {
    return this.included.length === 0 || this.included.some(({ points }) => isInside(point, points));
  }
}

function boundsOf(points: readonly Point[]) {
  if (points.length < 2) return undefined;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
