import type { ObjectTrack } from '@camfleet/vision';
import { type EventOrigin, newTrackId } from './track-event';

/** A box of this height shows a thing well enough, as a share of the frame. */
const FULL_HEIGHT = 0.3;
/** Closer to the edge of the frame, a part of the thing may be missing. */
const EDGE = 0.004;
const CUT_OFF_FACTOR = 0.5;

/** What counts as noticeably better than a score. */
const betterThan = (score: number) => Math.max(score * 1.25, score + 0.05);

/** One thing passing: what has been told of it. */
export class ObjectVisit {
  readonly trackId: string;
  isAnnounced = false;
  updates = 0;
  /** Of the best picture that was told: score of the model × height, halved where the frame cuts it; 0 to 1. */
  best = 0;
  private lastEventMs = -Infinity;
  private toldLabel: string | undefined;

  constructor(
    public track: ObjectTrack,
    origin: EventOrigin,
  ) {
    this.trackId = newTrackId(origin);
  }

  get label(): string {
    return this.track.label;
  }

  isWorthTelling(nowMs: number, intervalMs: number): boolean {
    if (!this.isAnnounced) return true;
    const isBetter = this.worth >= betterThan(this.best) || this.label !== this.toldLabel;
    return isBetter && nowMs - this.lastEventMs >= intervalMs;
  }

  told(nowMs: number): void {
    if (this.isAnnounced) this.updates += 1;
    this.isAnnounced = true;
    this.lastEventMs = nowMs;
    this.toldLabel = this.label;
    this.best = Math.max(this.best, this.worth);
  }

  private get worth(): number {
    const { box, score } = this.track;
    const [x, y, width, height] = box;
    const isCutOff = x < EDGE || y < EDGE || x + width > 1 - EDGE || y + height > 1 - EDGE;
    return score * Math.min(1, height / FULL_HEIGHT) * (isCutOff ? CUT_OFF_FACTOR : 1);
  }
}
