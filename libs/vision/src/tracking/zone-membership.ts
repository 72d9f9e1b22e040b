import type { Point } from '@camfleet/domain';
import { distanceTo, isInside, type Segment, segmentsOf } from './polygon';

/** Somebody this near to the outline, in fractions of the frame, stays where they were. */
const MARGIN = 0.01;

export interface ZoneChange {
  /** `dwell` is told once a stay. */
  kind: 'enter' | 'leave' | 'dwell';
  /** Of this stay up to now. */
  insideMs: number;
}

export interface ZoneOptions {
  /** A stay of this length is told; left out: none is. */
  dwellMs?: number;
  margin?: number;
}

/** Tells who enters a zone, leaves it, and stays in it for long. */
export class ZoneMembership {
  private readonly sides: readonly Segment[];
  private readonly margin: number;
  private readonly stays = new Map<string | number, { sinceMs: number; isTold: boolean }>();

  /** @param outline three or more points */
  constructor(
    private readonly outline: readonly Point[],
    private readonly options: ZoneOptions = {},
  ) {
    this.sides = segmentsOf(outline, true);
    this.margin = options.margin ?? MARGIN;
  }

  /** How many are inside. */
  get occupancy(): number {
    return this.stays.size;
  }

  /** @param at where the track stands (`footPoint`), as fractions of the frame */
  observe(trackId: string | number, at: Point, timestampMs: number): ZoneChange | undefined {
    const stay = this.stays.get(trackId);
    const isClear = distanceTo(at, this.sides) >= this.margin;
    const inside = isClear ? isInside(at, this.outline) : stay !== undefined;
    if (!inside) return this.leave(trackId, timestampMs);
    if (!stay) {
      this.stays.set(trackId, { sinceMs: timestampMs, isTold: false });
      return { kind: 'enter', insideMs: 0 };
    }
    const insideMs = timestampMs - stay.sinceMs;
    if (stay.isTold || insideMs < (this.options.dwellMs ?? Infinity)) return undefined;
    stay.isTold = true;
    return { kind: 'dwell', insideMs };
  }

  /** The track has ended, or is outside. */
  leave(trackId: string | number, timestampMs: number): ZoneChange | undefined {
    const stay = this.stays.get(trackId);
    this.stays.delete(trackId);
    return stay && { kind: 'leave', insideMs: timestampMs - stay.sinceMs };
  }
}
