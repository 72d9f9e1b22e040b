import type { Point } from '@camfleet/domain';
import { distanceTo, type Segment, segmentsOf, sideOf } from './polygon';

/** As somebody sees it who walks along the line from its first point to its last. */
export type CrossingDirection = 'leftToRight' | 'rightToLeft';

/** Somebody this near to the line, in fractions of the frame, has not made up their mind. */
const MARGIN = 0.015;

/**
 * Counts who crosses a line of two or more points. A crossing is told when the track has left the line's margin on
 * the other side, so that whoever stands and sways on it counts once; whoever walks around an end does not count.
 */
export class LineCrossing {
  readonly counts: Record<CrossingDirection, number> = { leftToRight: 0, rightToLeft: 0 };
  private readonly segments: readonly Segment[];
  private readonly walkers = new Map<string | number, { at: Point; net: number }>();

  constructor(
    line: readonly Point[],
    private readonly margin = MARGIN,
  ) {
    this.segments = segmentsOf(line);
  }

  /**
   * @param at where the track stands (`footPoint`), as fractions of the frame
   * @param isCounted false of a track that nobody is told of: its crossing is told to nobody either
   */
  observe(trackId: string | number, at: Point, isCounted = true): CrossingDirection | undefined {
    const walker = this.walkers.get(trackId);
    if (!walker) {
      this.walkers.set(trackId, { at, net: 0 });
      return undefined;
    }
    for (const segment of this.segments) walker.net += crossing([walker.at, at], segment);
    walker.at = at;
    if (walker.net === 0 || distanceTo(at, this.segments) < this.margin) return undefined;
    const direction = walker.net > 0 ? 'leftToRight' : 'rightToLeft';
    walker.net = 0;
    if (!isCounted) return undefined;
    this.counts[direction] += 1;
    return direction;
  }

  /** The track has ended. */
  forget(trackId: string | number): void {
    this.walkers.delete(trackId);
  }
}

/** 1 where a step goes over a segment to its right, -1 to its left; a shared end belongs to one segment alone. */
function crossing(step: Segment, segment: Segment): number {
  const isRight = (point: Point, line: Segment) => sideOf(point, line) >= 0;
  const [wasRight, nowRight] = [isRight(step[0], segment), isRight(step[1], segment)];
  if (wasRight === nowRight || isRight(segment[0], step) === isRight(segment[1], step)) return 0;
  return nowRight ? 1 : -1;
}
