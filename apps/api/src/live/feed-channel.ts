import { MjpegPartParser, type Variant, boundaryOf } from '@camfleet/domain';
import type { Logger } from '@camfleet/telemetry';
import { WorkerClient } from '../workers/worker-client';
import { type FeedPart, feedPart } from './feed-part';
import { type FeedTarget, FeedTargets, sameTarget } from './feed-target';
import { type SlateName, slatePart } from './slates';

export interface FeedViewer {
  /** Pictures a second that it wants at most; undefined: all there are. */
  readonly fps?: number;
  /** The newest picture. A viewer that cannot take it now keeps it in place of the one it kept before. */
  part(part: FeedPart): void;
  /** The stream was stopped, or the camera deleted. */
  ended(reason: 'stopped' | 'deleted'): void;
}

/** Without any picture for this long, viewers see a slate: at the start, and later. */
const FIRST_SLATE_MS = 500;
const STALE_MS = 3_000;
const SLATE_INTERVAL_MS = 1_000;
/** Between two tries to reach the worker. */
const RETRY_MS = 200;
/** A worker sends something (a slate at the least) each second; silent for longer, it is asked anew. */
const UPSTREAM_SILENCE_MS = 10_000;
/** How long the last fast viewer must be gone before the worker is asked for fewer pictures. */
const FEWER_AFTER_MS = 5_000;

export interface FeedChannelOptions {
  cameraId: string;
  variant: Variant;
  targets: FeedTargets;
  worker: WorkerClient;
  logger: Logger;
  /** The stream was stopped or the camera deleted: nobody new may join this channel. */
  onEnded: (reason: 'stopped' | 'deleted') => void;
}

/** One camera in one variant: one connection to its worker, however many watch. It outlives that worker. */
export class FeedChannel {
  private readonly viewers = new Set<FeedViewer>();
  private readonly stopping = new AbortController();
  private latest?: FeedPart;
  private lastPartAtMs = performance.now();
  private target: FeedTarget = { kind: 'waiting' };
  private everConnected = false;
  private upstreamFps = Infinity;
  /** Ends the wait or the connection of the moment, so that the target is looked up again. */
  private interrupt = new AbortController();
  /** Since when every viewer wants fewer pictures than the worker sends. */
  private tooManySinceMs?: number;
  private ticks?: NodeJS.Timeout;

  constructor(private readonly options: FeedChannelOptions) {}

  get variant(): Variant {
    return this.options.variant;
  }

  get viewerCount(): number {
    return this.viewers.size;
  }

  /** The newest picture of the camera itself. */
  get lastPicture(): FeedPart | undefined {
    return this.latest?.slate ? undefined : this.latest;
  }

  add(viewer: FeedViewer): void {
    this.viewers.add(viewer);
    if (this.viewers.size === 1) this.start();
    else if (this.latest) viewer.part(this.latest);
    // The worker is asked for no more pictures than the fastest viewer wants; a faster one is worth asking anew.
    if (fastest(this.viewers) > this.upstreamFps) this.interrupt.abort();
  }

  remove(viewer: FeedViewer): void {
    this.viewers.delete(viewer);
    if (this.viewers.size === 0) this.stop();
  }

  /** Something about the camera changed: go on only if its pictures still come from the same place. */
  async recheck(): Promise<void> {
    const target = await this.options.targets.of(this.options.cameraId);
    if (!sameTarget(target, this.target)) this.interrupt.abort();
  }

  stop(): void {
    clearInterval(this.ticks);
    this.stopping.abort();
    this.interrupt.abort();
  }

  private start(): void {
    this.ticks = setInterval(() => {
      this.showSlateWhenStale();
      this.askForFewer();
    }, FIRST_SLATE_MS);
    this.run().catch((err: unknown) =>
      this.options.logger.error({ err, cameraId: this.options.cameraId }, 'feed.failed'),
    );
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.interrupt = new AbortController();
      const target = await this.options.targets.of(this.options.cameraId).catch(() => this.target);
      this.target = target;
      if (target.kind === 'stopped' || target.kind === 'deleted') {
        clearInterval(this.ticks);
        this.options.onEnded(target.kind);
        for (const viewer of [...this.viewers]) viewer.ended(target.kind);
        return;
      }
      if (target.kind === 'worker') {
        await this.pull(target).catch((err: unknown) =>
          this.options.logger.debug({ err, cameraId: this.options.cameraId }, 'feed.upstream_lost'),
        );
      }
      await pause(target.kind === 'worker' ? RETRY_MS : SLATE_INTERVAL_MS, this.interrupt.signal);
    }
  }

  /** Hands on what the worker sends, until it ends or the camera moves. */
  private async pull(target: Extract<FeedTarget, { kind: 'worker' }>): Promise<void> {
    const { cameraId, variant } = this.options;
    this.upstreamFps = fastest(this.viewers);
    const rate = Number.isFinite(this.upstreamFps) ? `&fps=${this.upstreamFps}` : '';
    const query = `width=${variant.width || 'source'}&overlay=${variant.overlay}${rate}`;
    const response = await this.options.worker.open(
      target.address,
      `/cameras/${encodeURIComponent(cameraId)}/feed?${query}`,
      { signal: this.interrupt.signal, bodyTimeoutMs: UPSTREAM_SILENCE_MS },
    );
    if (response.statusCode !== 200) {
      await response.body.dump();
      return;
    }
    const parser = new MjpegPartParser({ boundary: boundaryOf(String(response.headers['content-type'])) });
    for await (const chunk of response.body) {
      for (const { body, headers } of parser.push(chunk)) {
        this.everConnected = true;
        this.show(
          feedPart({
            jpeg: body,
            timestampMs: Number(headers.get('x-timestamp') ?? Date.now()),
            slate: headers.get('x-slate') === 'true',
          }),
        );
      }
    }
  }

  private show(part: FeedPart): void {
    this.latest = part;
    this.lastPartAtMs = performance.now();
    for (const viewer of this.viewers) viewer.part(part);
  }

  private showSlateWhenStale(): void {
    const ageMs = performance.now() - this.lastPartAtMs;
    const patienceMs =
      this.latest === undefined ? FIRST_SLATE_MS : this.latest.slate ? SLATE_INTERVAL_MS : STALE_MS;
    if (ageMs >= patienceMs - 1) this.show(slatePart(this.slateName()));
  }

  /** Pictures that nobody wants any more are not worth encoding; a viewer that is soon back is not worth asking anew. */
  private askForFewer(): void {
    if (fastest(this.viewers) >= this.upstreamFps) {
      this.tooManySinceMs = undefined;
      return;
    }
    this.tooManySinceMs ??= performance.now();
    if (performance.now() - this.tooManySinceMs < FEWER_AFTER_MS) return;
    this.tooManySinceMs = undefined;
    this.interrupt.abort();
  }

  private slateName(): SlateName {
    if (this.target.kind === 'waiting') return this.everConnected ? 'moving' : 'waiting';
    return this.everConnected ? 'reconnecting' : 'starting';
  }
}

function fastest(viewers: Iterable<FeedViewer>): number {
  return Math.max(0, ...[...viewers].map(({ fps }) => fps ?? Infinity));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
