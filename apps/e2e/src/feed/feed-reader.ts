import { MjpegPartParser, boundaryOf } from '@camfleet/domain';
import { until } from '@camfleet/testing';
import { createHash } from 'node:crypto';
import { type ClientRequest, type IncomingMessage, get } from 'node:http';
import type { ApiClient } from '../api-client';

/** Enough for half a minute; the oldest are dropped. */
const MAX_PARTS = 500;

export interface FeedPart {
  jpeg: Buffer;
  timestampMs: number;
  isSlate: boolean;
  /** Equal for equal pictures. */
  digest: string;
  /** Of this process, since its start. */
  arrivedMs: number;
}

/** A viewer of one camera. */
export class FeedReader implements Disposable {
  readonly parts: FeedPart[] = [];
  hasEnded = false;
  /** Resolves when the connection is over, however it ended. */
  readonly ended: Promise<void>;
  private longestGap = { fromMs: performance.now(), lastsMs: 0 };
  private lastPartMs = performance.now();
  private readonly parser: MjpegPartParser;

  private constructor(
    private readonly request: ClientRequest,
    readonly response: IncomingMessage,
  ) {
    this.parser = new MjpegPartParser({ boundary: boundaryOf(response.headers['content-type'] ?? '') });
    response.on('data', (chunk: Buffer) => this.take(chunk));
    this.ended = new Promise((resolve) =>
      response.on('close', () => {
        this.longestGap = this.longestSilence;
        this.hasEnded = true;
        resolve();
      }),
    );
    response.on('error', () => undefined);
  }

  static open(api: ApiClient, cameraId: string, query = ''): Promise<FeedReader> {
    return new Promise((resolve, reject) => {
      const request = get(
        `${api.url}/api/cameras/${cameraId}/stream/feed${query}`,
        { headers: { Authorization: `Bearer ${api.key}` }, agent: false },
        (response) => resolve(new FeedReader(request, response)),
      );
      request.on('error', reject);
    });
  }

  /** The longest time without any part, a slate or a picture. `fromMs`: of this process, since its start. */
  get longestSilence(): { fromMs: number; lastsMs: number } {
    const lastsMs = performance.now() - this.lastPartMs;
    if (this.hasEnded || lastsMs <= this.longestGap.lastsMs) return this.longestGap;
    return { fromMs: this.lastPartMs, lastsMs };
  }

  get live(): FeedPart[] {
    return this.parts.filter((part) => !part.isSlate);
  }

  /** The first part to come from now on that fits. */
  async next(what: string, fits: (part: FeedPart) => boolean, timeoutMs = 10_000): Promise<FeedPart> {
    const sinceMs = performance.now();
    return until(what, () => this.parts.find((part) => part.arrivedMs >= sinceMs && fits(part)), timeoutMs);
  }

  [Symbol.dispose](): void {
    this.request.destroy();
  }

  private take(chunk: Buffer): void {
    for (const { headers, body } of this.parser.push(chunk)) {
      this.parts.push({
        jpeg: body,
        timestampMs: Number(headers.get('x-timestamp')),
        isSlate: headers.get('x-slate') === 'true',
        digest: createHash('sha1').update(body).digest('hex'),
        arrivedMs: performance.now(),
      });
      if (this.parts.length > MAX_PARTS) this.parts.shift();
      this.longestGap = this.longestSilence;
      this.lastPartMs = performance.now();
    }
  }
}
