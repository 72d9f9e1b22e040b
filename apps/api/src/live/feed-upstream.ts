import type { FeedSource } from '@camfleet/database';
import { MjpegPartParser, type Variant, boundaryOf } from '@camfleet/domain';
import type { WorkerClient } from '../workers/worker-client';
import { type FeedPart, feedPart } from './feed-part';

/** A worker sends a slate each second while it has no picture; one that sends nothing this long is asked anew. */
const SILENCE_MS = 10_000;
/** The latest that a `Date` can hold. */
const MAX_TIME_MS = 8.64e15;

export interface FeedUpstreamOptions {
  cameraId: string;
  variant: Variant;
  source: FeedSource;
  /** Pictures a second that are wanted at most; Infinity: all. */
  fps: number;
  worker: WorkerClient;
  onPart: (upstream: FeedUpstream, part: FeedPart) => void;
  /** It broke, the worker ended it, or there is no such camera there. Not called after `close()`. */
  onEnded: (upstream: FeedUpstream, error: unknown) => void;
}

/** One connection to a worker for one camera in one variant. */
export class FeedUpstream {
  /** Its newest picture of the camera. */
  picture?: FeedPart;
  private readonly closing = new AbortController();

  constructor(private readonly options: FeedUpstreamOptions) {
    this.pull().then(
      () => this.ended(undefined),
      (error: unknown) => this.ended(error),
    );
  }

  get source(): FeedSource {
    return this.options.source;
  }

  get fps(): number {
    return this.options.fps;
  }

  close(): void {
    this.closing.abort();
  }

  private ended(error: unknown): void {
    if (!this.closing.signal.aborted) this.options.onEnded(this, error);
  }

  private async pull(): Promise<void> {
    const { cameraId, variant, fps, source, worker, onPart } = this.options;
    const rate = Number.isFinite(fps) ? `&fps=${fps}` : '';
    const query = `width=${variant.width || 'source'}&overlay=${variant.overlay}${rate}`;
    const response = await worker.open(source, `/cameras/${encodeURIComponent(cameraId)}/feed?${query}`, {
      signal: this.closing.signal,
      bodyTimeoutMs: Math.max(SILENCE_MS, 3_000 / fps),
    });
    if (response.statusCode !== 200) {
      await response.body.dump();
      throw new Error(`The worker answered ${response.statusCode}.`);
    }
    const parser = new MjpegPartParser({ boundary: boundaryOf(String(response.headers['content-type'])) });
    for await (const chunk of response.body) {
      for (const { body, headers } of parser.push(chunk)) {
        if (this.closing.signal.aborted) return;
        const slate = headers.get('x-slate') === 'true';
        const part = feedPart({ jpeg: body, timestampMs: timeOf(headers.get('x-timestamp')), slate });
        if (!slate) this.picture = part;
        onPart(this, part);
      }
    }
  }
}

/** 0 for what is no time. */
function timeOf(header: string | undefined): number {
  const timestampMs = Number(header);
  return timestampMs >= 0 && timestampMs <= MAX_TIME_MS ? timestampMs : 0;
}
