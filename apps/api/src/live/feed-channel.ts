import type { Variant } from '@camfleet/domain';
import type { Logger } from '@camfleet/telemetry';
import { WorkerClient } from '../workers/worker-client';
import type { FeedPart } from './feed-part';
import { type FeedTarget, FeedTargets } from './feed-target';
import { type SlateName, slatePart } from './slates';
import { Staleness } from './staleness';
import { UpstreamSwitch } from './upstream-switch';

export interface FeedViewer {
  /** Pictures a second that it wants at most; undefined: all there are. */
  readonly fps?: number;
  /** The newest picture. A viewer that cannot take it now keeps it in place of the one it kept before. */
  part(part: FeedPart): void;
  /** The stream was stopped, or the camera deleted. */
  ended(reason: 'stopped' | 'deleted'): void;
}

/** How often it is looked whether a slate is due: one is late by this at most. */
const TICK_MS = 250;
/** While nobody runs the camera, besides what is announced. */
const LOOK_INTERVAL_MS = 1_000;
/** How long the last fast viewer must be gone before the worker is asked for fewer pictures. */
const FEWER_AFTER_MS = 5_000;
/** Pictures not newer than the last one are passed over for so long; that a clock really went back is believed then. */
const MAX_PASSED_OVER_MS = 1_000;

export interface FeedChannelOptions {
  cameraId: string;
  variant: Variant;
  targets: FeedTargets;
  worker: WorkerClient;
  logger: Logger;
  /** The stream was stopped or the camera deleted: nobody new may join this channel. */
  onEnded: (reason: 'stopped' | 'deleted') => void;
}

/**
 * One camera in one variant: its pictures from whichever worker runs it, handed to however many watch. It
 * outlives that worker: between two workers' pictures viewers see slates, or nothing but the next picture.
 */
export class FeedChannel {
  private readonly viewers = new Set<FeedViewer>();
  /** The newest part, for a viewer that joins. */
  private latest?: FeedPart;
  /** The newest picture of the camera itself. */
  private picture?: FeedPart;
  private slate?: { name: SlateName; lastPictureMs?: number; part: FeedPart };
  private target: FeedTarget = { kind: 'waiting' };
  private looking?: Promise<void>;
  private lookAgain = false;
  private stopped = false;
  private staleness = new Staleness({ fps: Infinity, nowMs: performance.now() });
  private passingOverSinceMs?: number;
  /** Since when every viewer wants fewer pictures than the worker is asked for. */
  private tooManySinceMs?: number;
  private lookedAtMs = 0;
  private ticks?: NodeJS.Timeout;
  private readonly upstreams: UpstreamSwitch;

  constructor(private readonly options: FeedChannelOptions) {
    this.upstreams = new UpstreamSwitch({
      ...options,
      onPart: (part) => (part.slate ? this.showWorkersSlate(part) : this.showPicture(part)),
      onLost: () => this.look(),
    });
  }

  get variant(): Variant {
    return this.options.variant;
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  get lastPicture(): FeedPart | undefined {
    return this.picture;
  }

  add(viewer: FeedViewer): void {
    this.viewers.add(viewer);
    if (this.viewers.size === 1) this.start();
    else if (this.latest) viewer.part(this.latest);
    // The worker is asked for no more pictures than the fastest viewer wants; a faster one is worth asking anew.
    this.upstreams.atLeast(fastest(this.viewers));
  }

  remove(viewer: FeedViewer): void {
    this.viewers.delete(viewer);
    if (this.viewers.size === 0) this.stop();
  }

  /** There is news of the camera: pictures may come from elsewhere now. */
  changed(): void {
    this.upstreams.tryNow();
    this.look();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.ticks);
    this.upstreams.stop();
  }

  private start(): void {
    this.staleness = new Staleness({ fps: fastest(this.viewers), nowMs: performance.now() });
    this.ticks = setInterval(() => this.tick(), TICK_MS);
    this.look();
  }

  private look(): void {
    this.lookAgain = true;
    this.looking ??= this.lookUp().finally(() => (this.looking = undefined));
  }

  private async lookUp(): Promise<void> {
    const { cameraId, targets, logger } = this.options;
    while (this.lookAgain && !this.stopped) {
      this.lookAgain = false;
      this.lookedAtMs = performance.now();
      try {
        this.follow(await targets.of(cameraId));
      } catch (err) {
        // Without the database the pictures go on coming from where they came from.
        logger.debug({ err, cameraId }, 'feed.target_not_found_out');
      }
    }
  }

  private follow(target: FeedTarget): void {
    if (this.stopped) return;
    this.target = target;
    if (target.kind === 'stopped' || target.kind === 'deleted') {
      this.stop();
      this.options.onEnded(target.kind);
      for (const viewer of [...this.viewers]) viewer.ended(target.kind);
    } else if (target.kind === 'worker') this.upstreams.follow(target);
    else this.upstreams.follow({});
  }

  private showPicture(part: FeedPart): void {
    if (this.isOlder(part)) return;
    this.picture = part;
    this.staleness.pictureShown(performance.now());
    this.show(part);
  }

  /** Viewers' time never goes back, whichever worker a picture comes from. */
  private isOlder({ timestampMs }: FeedPart): boolean {
    if (timestampMs > (this.picture?.timestampMs ?? -1)) {
      this.passingOverSinceMs = undefined;
      return false;
    }
    const nowMs = performance.now();
    this.passingOverSinceMs ??= nowMs;
    return nowMs - this.passingOverSinceMs < MAX_PASSED_OVER_MS;
  }

  private showWorkersSlate(part: FeedPart): void {
    // A worker that has just taken the camera over does not know when its last picture was.
    if (part.timestampMs < (this.picture?.timestampMs ?? 0)) return;
    this.staleness.workersSlateShown(performance.now());
    this.show(part);
  }

  private show(part: FeedPart): void {
    this.latest = part;
    for (const viewer of this.viewers) viewer.part(part);
  }

  private tick(): void {
    const nowMs = performance.now();
    if (this.staleness.takeSlate({ connected: this.upstreams.isShowing, nowMs })) this.show(this.ownSlate());
    this.askForFewer(nowMs);
    if (this.target.kind === 'waiting' && nowMs - this.lookedAtMs >= LOOK_INTERVAL_MS) this.look();
  }

  /** Pictures that nobody wants any more are not worth encoding; a viewer that is soon back is not worth asking anew. */
  private askForFewer(nowMs: number): void {
    const wanted = fastest(this.viewers);
    if (wanted >= this.upstreams.fps) {
      this.tooManySinceMs = undefined;
      return;
    }
    this.tooManySinceMs ??= nowMs;
    if (nowMs - this.tooManySinceMs < FEWER_AFTER_MS) return;
    this.tooManySinceMs = undefined;
    this.upstreams.atMost(wanted);
  }

  private ownSlate(): FeedPart {
    const lastPictureMs = this.picture?.timestampMs;
    const name = this.slateName();
    if (this.slate?.name !== name || this.slate.lastPictureMs !== lastPictureMs)
      this.slate = { name, lastPictureMs, part: slatePart(name, lastPictureMs) };
    return this.slate.part;
  }

  private slateName(): SlateName {
    if (this.target.kind === 'waiting') return this.picture ? 'moving' : 'waiting';
    return this.picture ? 'reconnecting' : 'starting';
  }
}

function fastest(viewers: Iterable<FeedViewer>): number {
  return Math.max(0, ...[...viewers].map(({ fps }) => fps ?? Infinity));
}
