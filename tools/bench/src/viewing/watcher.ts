import { until } from '@camfleet/testing';
import { type FeedAddress, watchFeed } from './feed';
import type { SeenPart } from './part-scanner';

/** Enough for minutes of one camera; the oldest are dropped. */
const MAX_PARTS = 4_000;

/** One viewer who stays, and what live pictures it got when. */
export class Watcher implements Disposable {
  /** Without slates. */
  readonly parts: SeenPart[] = [];
  private readonly feed: ReturnType<typeof watchFeed>;

  constructor(address: FeedAddress) {
    this.feed = watchFeed(address, (part) => {
      if (part.slate) return;
      this.parts.push(part);
      if (this.parts.length > MAX_PARTS) this.parts.shift();
    });
  }

  /** When the feed has ended, with what ended it. */
  get ended(): Promise<Error | undefined> {
    return this.feed.ended;
  }

  /** The first picture that was taken after `takenAfterMs` (Unix ms). */
  firstTakenAfter(takenAfterMs: number, timeoutMs: number): Promise<SeenPart> {
    const isNew = ({ timestampMs }: SeenPart) => timestampMs > takenAfterMs;
    return until('a new picture comes', () => this.parts.find(isNew), timeoutMs);
  }

  /** The longest time without a picture between two moments (Unix ms), those before and after included. */
  longestGapMs(fromMs: number, toMs: number): number {
    const times = this.parts.map(({ atMs }) => atMs);
    const before = times.filter((atMs) => atMs < fromMs).at(-1) ?? fromMs;
    const seen = [before, ...times.filter((atMs) => atMs >= fromMs && atMs <= toMs), toMs];
    return Math.max(...seen.slice(1).map((atMs, index) => atMs - (seen[index] ?? atMs)));
  }

  [Symbol.dispose](): void {
    this.feed[Symbol.dispose]();
  }
}
