import { setTimeout as sleep } from 'node:timers/promises';
import type { Size, SourceSettings } from '@camfleet/domain';
import {
  type MediaPacket,
  type MediaSource,
  openSource,
  sourceError,
  type VideoStream,
} from '@camfleet/media';
import { FirstPicture } from './first-picture';
import type { OpeningTurns } from './opening-turns';
import type { MediaPacer } from './media-pacer';

export interface ConnectionTimings {
  openTimeoutMs: number;
  /** Without a packet for so long, the connection counts as lost. */
  stallTimeoutMs: number;
  /** Cameras with long groups of pictures may let one wait for the first. */
  firstPictureTimeoutMs: number;
}

export interface ConnectionOptions {
  settings: SourceSettings;
  mediaDirectory: string | undefined;
  timings: ConnectionTimings;
  openings: OpeningTurns | undefined;
  signal: AbortSignal;
  pacer: MediaPacer;
  /** Takes the packet over. What it throws ends the connection. */
  onPacket(packet: MediaPacket): void;
  /** The first picture could be decoded: this is video. */
  onPicture(stream: VideoStream, size: Size): void;
}

/** One connection to a source, from the opening to its end. */
export class SourceConnection {
  private readonly ending = new AbortController();
  private readonly first = new FirstPicture();
  private readonly end = () => this.ending.abort();
  private watchdog: NodeJS.Timeout | undefined;
  /** The first picture is here, and the watchdog waits for packets. */
  private isFed = false;

  constructor(private readonly options: ConnectionOptions) {}

  /**
   * Reads until the end. Returns only for a file that was read to its end.
   * @throws SourceError for everything else, a live source's end included
   */
  async run(): Promise<void> {
    const { timings, signal } = this.options;
    signal.addEventListener('abort', this.end, { once: true });
    let source: MediaSource | undefined;
    try {
      source = await this.open();
      this.watchdog = setTimeout(this.end, timings.firstPictureTimeoutMs);
      await this.read(source);
    } finally {
      clearTimeout(this.watchdog);
      signal.removeEventListener('abort', this.end);
      await this.first.close();
      await source?.close();
    }
  }

  private async open(): Promise<MediaSource> {
    const { settings, mediaDirectory, timings, openings } = this.options;
    const { signal } = this.ending;
    const turn = await openings?.take(signal);
    try {
      return await openSource({ settings, mediaDirectory, signal, timeoutMs: timings.openTimeoutMs });
    } finally {
      turn?.[Symbol.dispose]();
    }
  }

  private async read(source: MediaSource): Promise<void> {
    for (;;) {
      const packet = await source.read();
      if (this.ending.signal.aborted) {
        packet?.release();
        throw sourceError('SOURCE_TIMEOUT', 'The camera stopped sending pictures.');
      }
      if (!packet) break;
      await this.handle(packet, source);
    }
    const seen = this.first.size !== undefined;
    await this.first.finish();
    if (!seen) this.announce(source.video);
    if (source.isLive) throw sourceError('SOURCE_ENDED', 'The camera ended the connection.');
  }

  private async handle(packet: MediaPacket, source: MediaSource): Promise<void> {
    const { pacer, onPacket, signal } = this.options;
    if (source.pacing === 'media-time') {
      const delayMs = pacer.delayMs(packet.mediaTimeMs, { nowMs: performance.now(), fps: source.video.fps });
      if (delayMs >= 1) await sleep(delayMs, undefined, { signal }).catch(() => undefined);
    }
    if (this.first.size) this.feed();
    packet.retain();
    try {
      onPacket(packet);
      if (this.first.size) return;
      await this.first.look(packet);
      this.announce(packet.stream);
    } finally {
      packet.release();
    }
  }

  private announce(stream: VideoStream): void {
    if (!this.first.size) return;
    this.options.onPicture(stream, this.first.size);
    this.feed();
  }

  /** From the first picture on, the time without a packet is what counts. */
  private feed(): void {
    if (this.isFed) return void this.watchdog?.refresh();
    this.isFed = true;
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(this.end, this.options.timings.stallTimeoutMs);
  }
}
