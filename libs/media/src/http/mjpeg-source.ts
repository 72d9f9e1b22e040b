import type { IncomingMessage } from 'node:http';
import { MjpegPartParser } from '@camfleet/domain';
import type { MediaPacket } from '../sources/media-packet';
import type { MediaSource, VideoStream } from '../sources/media-source';
import { fromSystemError, sourceError } from '../sources/source-failure';
import { JpegStream } from './jpeg-stream';

/** Pictures that wait for the reader; of more the oldest are dropped. */
const MAX_WAITING_PACKETS = 4;
/** So much without a single picture is no video. */
const MAX_JUNK_BYTES = 32 * 1024 * 1024;

export interface MjpegSourceOptions {
  response: IncomingMessage;
  /** Undefined: JPEGs in a row without multipart. */
  boundary: string | undefined;
  signal: AbortSignal;
}

/** A camera that sends JPEGs over one endless HTTP answer. */
export class MjpegSource implements MediaSource {
  readonly pacing = 'arrival';
  readonly isLive = true;

  private readonly parser: MjpegPartParser;
  private readonly jpegs = new JpegStream();
  private readonly waiting: MediaPacket[] = [];
  private bytesWithoutPicture = 0;
  private failure: unknown;
  private ended = false;
  private wake: () => void = () => undefined;
  private first: VideoStream | undefined;

  private constructor(private readonly options: MjpegSourceOptions) {
    this.parser = new MjpegPartParser({ boundary: options.boundary });
    options.response
      .on('data', (chunk: Buffer) => this.take(chunk))
      .on('end', () => this.finish())
      .on('close', () => this.finish())
      .on('error', (error) => this.finish(fromSystemError(error)));
  }

  /** Resolves with the first picture. @throws SourceError when the answer ends without any */
  static async open(options: MjpegSourceOptions): Promise<MjpegSource> {
    const source = new MjpegSource(options);
    await source.waitForPacket();
    source.first = source.waiting[0]?.stream;
    if (source.first) return source;
    await source.close();
    throw source.failure ?? sourceError('SOURCE_UNSUPPORTED', 'The camera sends no picture.');
  }

  get video(): VideoStream {
    if (!this.first) throw new Error('an MJPEG source is open when its first picture is there');
    return this.first;
  }

  async read(): Promise<MediaPacket | null> {
    await this.waitForPacket();
    const packet = this.waiting.shift();
    if (packet) return packet;
    if (this.failure) throw this.failure;
    return null;
  }

  close(): Promise<void> {
    this.options.response.destroy();
    this.finish();
    for (const packet of this.waiting.splice(0)) packet.release();
    return Promise.resolve();
  }

  private async waitForPacket(): Promise<void> {
    while (this.waiting.length === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private take(chunk: Buffer): void {
    if (this.ended) return;
    this.bytesWithoutPicture += chunk.length;
    try {
      for (const part of this.parser.push(chunk)) this.keep(this.jpegs.packet(part.body));
      if (this.bytesWithoutPicture > MAX_JUNK_BYTES) {
        throw sourceError('SOURCE_UNSUPPORTED', 'The camera sends no picture.');
      }
    } catch (error) {
      this.finish(error);
      this.options.response.destroy();
    }
  }

  private keep(packet: MediaPacket | undefined): void {
    if (!packet) return;
    this.bytesWithoutPicture = 0;
    this.waiting.push(packet);
    if (this.waiting.length > MAX_WAITING_PACKETS) this.waiting.shift()?.release();
    this.wake();
  }

  private finish(failure?: unknown): void {
    if (this.ended) return;
    this.ended = true;
    this.failure = failure;
    this.wake();
  }
}
