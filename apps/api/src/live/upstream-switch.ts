import type { FeedSource } from '@camfleet/database';
import type { Variant } from '@camfleet/domain';
import type { Logger } from '@camfleet/telemetry';
import { WorkerClient } from '../workers/worker-client';
import type { FeedPart } from './feed-part';
import { sameSource } from './feed-target';
import { FeedUpstream } from './feed-upstream';

/** The first retry; each further one waits twice as long, with jitter. */
const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 1_000;

export interface UpstreamSwitchOptions {
  cameraId: string;
  variant: Variant;
  worker: WorkerClient;
  logger: Logger;
  /** What viewers are to see: pictures of one worker at a time, and its slates. */
  onPart: (part: FeedPart) => void;
  /** A connection was lost: the camera may have moved. */
  onLost: () => void;
}

/**
 * Make before break: viewers see `shown` until `next` has a picture of its own, and then `next` alone. So a camera
 * moves from one worker to another, or to another rate, with no gap while both run.
 */
export class UpstreamSwitch {
  private shown?: FeedUpstream;
  private next?: FeedUpstream;
  /** Where the pictures come from, and where they will. */
  private wanted: { source?: FeedSource; upcoming?: FeedSource } = {};
  private askedFps = 0;
  private failures = 0;
  private retry?: NodeJS.Timeout;
  private stopped = false;

  constructor(private readonly options: UpstreamSwitchOptions) {}

  /** Pictures a second that the worker is asked for at most; Infinity: all. */
  get fps(): number {
    return this.askedFps;
  }

  /** False while no connection is there that has shown anything. */
  get isShowing(): boolean {
    return this.shown !== undefined;
  }

  atLeast(fps: number): void {
    if (fps > this.askedFps) this.atMost(fps);
  }

  atMost(fps: number): void {
    this.askedFps = fps;
    this.connect();
  }

  /** `upcoming` is connected to before it is `source`; without a `source` what is shown goes on until it ends. */
  follow(wanted: { source?: FeedSource; upcoming?: FeedSource }): void {
    const moved = !sameSource(wanted.source, this.wanted.source);
    this.wanted = wanted;
    if (moved) this.failures = 0;
    if (moved) this.tryNow();
    this.connect();
    if (this.next?.picture && this.mayShow(this.next)) this.promote(this.next);
  }

  /** What failed is tried again without waiting: there is news of the camera. */
  tryNow(): void {
    if (!this.retry) return;
    clearTimeout(this.retry);
    this.retry = undefined;
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
    this.shown?.close();
    this.next?.close();
  }

  private connect(): void {
    if (this.stopped) return;
    const source = this.nextSource();
    if (source && this.next && this.isAsked(this.next, source)) return;
    this.next?.close();
    this.next = undefined;
    if (!source || this.retry) return;
    const { options } = this;
    this.next = new FeedUpstream({
      ...options,
      source,
      fps: this.askedFps,
      onPart: (upstream, part) => this.received(upstream, part),
      onEnded: (upstream, error) => this.lost(upstream, error),
    });
  }

  /** What is to be connected to besides what is shown. */
  private nextSource(): FeedSource | undefined {
    const { source, upcoming } = this.wanted;
    if (source && this.shown && this.isAsked(this.shown, source)) return upcoming;
    // What was shown ended before the move was told: where it goes to is connected to already.
    const isThere = !this.shown && upcoming && sameSource(this.next?.source, upcoming);
    return isThere ? upcoming : source;
  }

  private isAsked(upstream: FeedUpstream, source: FeedSource): boolean {
    return sameSource(upstream.source, source) && upstream.fps === this.askedFps;
  }

  private received(upstream: FeedUpstream, part: FeedPart): void {
    if (upstream === this.next && this.mayShow(upstream) && (!part.slate || !this.shown)) {
      this.promote(upstream, part);
    } else if (upstream === this.shown) this.options.onPart(part);
  }

  /** One that is only upcoming is shown early when there is nothing else. */
  private mayShow(upstream: FeedUpstream): boolean {
    return !this.shown || sameSource(upstream.source, this.wanted.source);
  }

  private promote(upstream: FeedUpstream, part = upstream.picture): void {
    this.failures = 0;
    this.shown?.close();
    this.shown = upstream;
    this.next = undefined;
    if (part) this.options.onPart(part);
    this.connect();
  }

  private lost(upstream: FeedUpstream, err: unknown): void {
    const { cameraId, logger, onLost } = this.options;
    logger.debug({ err, cameraId, workerId: upstream.source.workerId }, 'feed.upstream_lost');
    if (upstream === this.shown) {
      this.shown = undefined;
      if (this.next?.picture) this.promote(this.next);
    } else this.next = undefined;
    onLost();
    if (this.retry || this.stopped) return;
    const waitMs = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.failures += 1;
    this.retry = setTimeout(() => {
      this.retry = undefined;
      this.connect();
    }, waitMs);
  }
}
