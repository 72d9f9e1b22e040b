import { MjpegPartParser } from '@camfleet/domain';
import { type IncomingMessage, get } from 'node:http';
import { ADMIN_KEY } from './api-harness';

export interface SeenPart {
  timestampMs: number;
  slate: boolean;
  jpeg: Buffer;
  /** Monotonic. */
  atMs: number;
}

/** A viewer: the parts it got so far, and whether its feed has ended. */
export class FeedViewer {
  readonly parts: SeenPart[] = [];
  ended = false;

  private constructor(private readonly response: IncomingMessage) {
    const parser = new MjpegPartParser({ boundary: 'frame' });
    response.on('data', (chunk: Buffer) => {
      for (const { headers, body } of parser.push(chunk))
        this.parts.push({
          timestampMs: Number(headers.get('x-timestamp')),
          slate: headers.get('x-slate') === 'true',
          jpeg: body,
          atMs: performance.now(),
        });
    });
    response.on('close', () => (this.ended = true));
    response.on('error', () => undefined);
  }

  /** `key` null: a ticket in the URL. */
  static async open(url: string, key: string | null = ADMIN_KEY): Promise<FeedViewer> {
    const headers = key === null ? {} : { Authorization: `Bearer ${key}` };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers, agent: false }, resolve).on('error', reject);
    });
    if (response.statusCode !== 200) throw new Error(`The feed was answered ${response.statusCode}.`);
    return new FeedViewer(response);
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.response.destroy();
  }

  get pictures(): SeenPart[] {
    return this.parts.filter(({ slate }) => !slate);
  }

  get slates(): SeenPart[] {
    return this.parts.filter(({ slate }) => slate);
  }

  /** The longest time without a new picture. */
  get longestGapMs(): number {
    const { pictures } = this;
    return Math.max(...pictures.slice(1).map(({ atMs }, before) => atMs - (pictures[before]?.atMs ?? 0)));
  }
}
