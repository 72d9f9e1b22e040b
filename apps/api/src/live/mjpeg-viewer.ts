import { FeedWriter } from '@camfleet/domain';
import type { ServerResponse } from 'node:http';
import type { FeedViewer } from './feed-channel';
import type { FeedPart } from './feed-part';
import { FrameLimiter } from './frame-limiter';

/** One browser (or player) that reads a feed. It gets the newest picture or none: what it is too slow for is dropped. */
export class MjpegViewer implements FeedViewer {
  readonly fps?: number;
  private readonly writer: FeedWriter;
  private readonly limiter: FrameLimiter;

  constructor(response: ServerResponse, { fps, onDrop }: { fps?: number; onDrop: () => void }) {
    this.fps = fps;
    this.limiter = new FrameLimiter(fps);
    this.writer = new FeedWriter(response, {
      headers: { Pragma: 'no-cache', 'X-Accel-Buffering': 'no' },
      onDrop,
    });
  }

  part(part: FeedPart): void {
    if (this.limiter.admit(part)) this.writer.write(part.bytes);
  }

  ended(): void {
    this.writer.end();
  }
}
