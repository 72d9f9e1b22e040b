import type { Readable } from 'node:stream';
import { SourceError } from '@camfleet/domain';
import { type Dispatcher, request } from 'undici';
import { fromHttpStatus, fromSystemError, sourceError } from '../sources/source-failure';

export interface HttpRangeRequest {
  url: string;
  /** First byte that is wanted. */
  from: number;
  dispatcher: Dispatcher;
  signal: AbortSignal;
}

/** `bytes 5-9/10` → 10; undefined when the server does not know. */
function totalOf(contentRange: string | undefined): number | undefined {
  const total = /^bytes \d+-\d+\/(\d+)$/.exec(contentRange ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

const single = (header: string | string[] | undefined) => (Array.isArray(header) ? header[0] : header);

/** One open answer with the rest of a file, read on piece by piece. */
export class HttpRange {
  private held: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer>;

  private constructor(
    private readonly body: Readable,
    /** Where the next byte of this answer lies in the file. */
    private position: number,
    /** Whole size of the file; undefined when the server does not say. */
    readonly sizeBytes: number | undefined,
  ) {
    body.on('error', () => undefined); // told by whoever reads
    this.chunks = body.iterator({ destroyOnReturn: false });
  }

  /** @throws SourceError */
  static async open({ url, from, dispatcher, signal }: HttpRangeRequest): Promise<HttpRange> {
    const answer = await request(url, {
      dispatcher,
      signal,
      headers: { range: `bytes=${from}-`, 'accept-encoding': 'identity', 'user-agent': 'camfleet' },
    }).catch((error: unknown) => {
      throw timely(error);
    });
    const { statusCode, headers, body } = answer;
    const length = Number(single(headers['content-length']) ?? NaN);
    if (statusCode === 206)
      return new HttpRange(body, from, totalOf(single(headers['content-range'])) ?? undefined);
    // The whole of it: from a server without ranges.
    if (statusCode === 200) return new HttpRange(body, 0, Number.isNaN(length) ? undefined : length);
    body.on('error', () => undefined).destroy();
    if (statusCode === 416) throw sourceError('SOURCE_UNSUPPORTED', 'The video is empty.');
    throw fromHttpStatus(statusCode) ?? sourceError('SOURCE_UNSUPPORTED');
  }

  get at(): number {
    return this.position;
  }

  /** At most `bytes`, without waiting for more than there is; null at the end of the answer. @throws SourceError */
  async read(bytes: number): Promise<Buffer | null> {
    while (this.held.length === 0) {
      const next = await this.chunks.next().catch((error: unknown) => {
        throw timely(error);
      });
      if (next.done) return null;
      this.held = next.value;
    }
    const piece = this.held.subarray(0, bytes);
    this.held = this.held.subarray(piece.length);
    this.position += piece.length;
    return piece;
  }

  close(): void {
    this.body.destroy();
  }
}

function timely(error: unknown): SourceError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.endsWith('_TIMEOUT') ? sourceError('SOURCE_TIMEOUT') : fromSystemError(error);
}
