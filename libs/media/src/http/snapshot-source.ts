import { LinkedAbort } from '@camfleet/domain';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MediaPacket } from '../sources/media-packet';
import type { MediaSource, VideoStream } from '../sources/media-source';
import { sourceError } from '../sources/source-failure';
import { httpGet, type HttpGetOptions } from './http-get';
import { JpegStream } from './jpeg-stream';

const MAX_JPEG_BYTES = 32 * 1024 * 1024;
/** Two pictures a second: what most cameras allow on this address. */
const POLL_INTERVAL_MS = 500;
const POLL_TIMEOUT_MS = 5000;

export interface SnapshotSourceOptions extends HttpGetOptions {
  url: string;
  /** The answer that told that this address gives single pictures. */
  response: IncomingMessage;
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > MAX_JPEG_BYTES) throw sourceError('SOURCE_UNSUPPORTED', 'The picture has too many bytes.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * A camera that gives one JPEG per request: asked twice a second, with the validators (`ETag`,
 * `Last-Modified`) of the last answer. An unchanged picture is given again: the camera lives.
 */
export class SnapshotSource implements MediaSource {
  readonly pacing = 'arrival';
  readonly isLive = true;
  private readonly ending: LinkedAbort;
  private nextPollAtMs = 0;

  private readonly jpegs = new JpegStream();

  private constructor(
    private readonly options: SnapshotSourceOptions,
    private last: { body: Buffer; validators: Record<string, string> },
    readonly video: VideoStream,
  ) {
    this.ending = new LinkedAbort([options.signal]);
  }

  /** @throws SourceError when the first picture cannot be read */
  static async open(options: SnapshotSourceOptions): Promise<SnapshotSource> {
    const last = { body: await readBody(options.response), validators: validatorsOf(options.response) };
    const packet = new JpegStream().packet(last.body);
    if (!packet) throw sourceError('SOURCE_UNSUPPORTED', 'The address gives no JPEG picture.');
    packet.release();
    return new SnapshotSource(options, last, packet.stream);
  }

  async read(): Promise<MediaPacket | null> {
    const isFirst = this.nextPollAtMs === 0;
    try {
      for (;;) {
        await this.waitForTurn();
        if (!isFirst) await this.poll();
        const packet = this.jpegs.packet(this.last.body);
        if (packet) return packet;
      }
    } catch (error) {
      if (this.signal.aborted) return null;
      throw error;
    }
  }

  close(): Promise<void> {
    this.ending.abort();
    this.ending[Symbol.dispose]();
    return Promise.resolve();
  }

  private get signal(): AbortSignal {
    return this.ending.signal;
  }

  private async waitForTurn(): Promise<void> {
    const now = performance.now();
    if (now < this.nextPollAtMs) await sleep(this.nextPollAtMs - now, undefined, { signal: this.signal });
    this.signal.throwIfAborted();
    this.nextPollAtMs = Math.max(now, this.nextPollAtMs) + POLL_INTERVAL_MS;
  }

  private async poll(): Promise<void> {
    using polling = new LinkedAbort([this.signal, AbortSignal.timeout(POLL_TIMEOUT_MS)]);
    try {
      const { credentials } = this.options;
      const response = await httpGet(this.options.url, {
        credentials,
        headers: this.last.validators,
        signal: polling.signal,
      });
      const body = await readBody(response);
      if (response.statusCode !== 304) this.last = { body, validators: validatorsOf(response) };
    } catch (error) {
      if (polling.signal.aborted && !this.signal.aborted) throw sourceError('SOURCE_TIMEOUT');
      throw error;
    }
  }
}

function validatorsOf({ headers }: IncomingMessage): Record<string, string> {
  return {
    ...(headers.etag ? { 'If-None-Match': headers.etag } : {}),
    ...(headers['last-modified'] ? { 'If-Modified-Since': headers['last-modified'] } : {}),
  };
}
