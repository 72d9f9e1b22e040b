import type { PixelRect, Point, Size } from '@camfleet/domain';
import type { Assignment } from '@camfleet/protocol';
import { isInside } from '@camfleet/vision';

const WHOLE = { x: 0, y: 0, width: 1, height: 1 };

type Zone = Assignment['zones'][number];

/**
 * Where somebody counts: inside of one of the `include` zones if there are any, inside of the `crop` zones' rectangle if
 * there are any, and in no `exclude` zone. Points are fractions of the frame.
 */
export class ZoneFilter {
  private readonly included: readonly Zone[];
  private readonly excluded: readonly Zone[];
  /** Of all `crop` zones together; nothing outside of it is analysed. */
  private readonly crop: { x: number; y: number; width: number; height: number } | undefined;

  constructor(zones: readonly Zone[]) {
    const areas = zones.filter(({ points }) => points.length >= 3);
    this.included = areas.filter(({ kind }) => kind === 'include');
    this.excluded = areas.filter(({ kind }) => kind === 'exclude');
    this.crop = boundsOf(zones.filter(({ kind }) => kind === 'crop').flatMap(({ points }) => points));
  }

  /** The part of a frame that is analysed, in its pixels; even, as chroma planes want it. */
  area({ width, height }: Size): PixelRect {
    const { x, y, width: across, height: down } = this.crop ?? WHOLE;
    const even = (value: number) => 2 * Math.floor(value / 2);
    const [left, top] = [even(x * width), even(y * height)];
    return {
      x: left,
      y: top,
      width: Math.min(width - left, Math.max(2, even(across * width))),
      height: Math.min(height - top, Math.max(2, even(down * height))),
    };
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
