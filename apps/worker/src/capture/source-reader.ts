import { setTimeout as sleep } from 'node:timers/promises';
import {
  isIncurable,
  type Size,
  SourceError,
  type SourceErrorCode,
  type SourceSettings,
} from '@camfleet/domain';
import { GopBuffer, type MediaPacket, sourceError, type VideoStream } from '@camfleet/media';
import { BackOff } from './back-off';
import type { Clock } from './clock';
import { FrameRateMeter } from './frame-rate-meter';
import type { OpeningTurns } from './opening-turns';
import { MediaPacer } from './media-pacer';
import { type ConnectionTimings, SourceConnection } from './source-connection';
import type { StreamReason, StreamStatus } from './stream-status';

export interface ReaderTimings extends ConnectionTimings {
  firstRetryMs: number;
  maxRetryMs: number;
  /** After a cause that retrying does not cure. */
  incurableRetryMs: number;
  /** So long after its last picture, a camera without a path counts as rebooting, not as misconfigured. */
  comeBackMs: number;
}

const DEFAULT_TIMINGS: ReaderTimings = {
  openTimeoutMs: 8000,
  stallTimeoutMs: 6000,
  firstPictureTimeoutMs: 20_000,
  firstRetryMs: 200,
  maxRetryMs: 10_000,
  incurableRetryMs: 30_000,
  comeBackMs: 60_000,
};
/** What a hanging camera may delay `stop()` by: the camera's next owner waits for it. */
const MAX_STOP_MS = 5_000;

export interface SourceReaderOptions {
  settings: SourceSettings;
  clock: Clock;
  mediaDirectory?: string | undefined;
  timings?: Partial<ReaderTimings>;
  /** Shared by all readers of a process. */
  openings?: OpeningTurns;
  /** 0 to 1, for the jitter. Default Math.random. */
  random?: () => number;
}

export interface ReaderListener {
  /** A new packet is in the buffer. */
  onPacket(): void;
  onStatus(status: StreamStatus): void;
}

/** Thrown inside when a file has given all that it should. */
class Finished {
  constructor(readonly reason: StreamReason) {}
}

/**
 * Pulls one source, for however many cameras want it: opens, reads into the GOP buffer, watches, reconnects.
 * Decodes nothing but the first picture of each connection.
 */
export class SourceReader {
  /** Keeps its content while the connection is lost, for stills. */
  readonly gop = new GopBuffer();
  /** Resolves when the reader was stopped and its connection is closed, however long a hanging camera takes. */
  readonly closed: Promise<void>;

  private readonly listeners = new Set<ReaderListener>();
  private readonly stopping = new AbortController();
  private readonly timings: ReaderTimings;
  private readonly backOff: BackOff;
  private readonly pacer = new MediaPacer();
  private readonly meter = new FrameRateMeter();
  private current: StreamStatus = { state: 'stopped', restarts: 0 };
  private running: Promise<void> | undefined;
  private lastCaptureMs = 0;
  private frames = 0;
  private lastPictureMs = -Infinity;
  private hasClosed: () => void = () => undefined;

  constructor(private readonly options: SourceReaderOptions) {
    this.timings = { ...DEFAULT_TIMINGS, ...options.timings };
    this.closed = new Promise((resolve) => (this.hasClosed = resolve));
    const { firstRetryMs: firstMs, maxRetryMs: capMs } = this.timings;
    this.backOff = new BackOff({ firstMs, capMs, random: options.random });
  }

  get status(): StreamStatus {
    const isStreaming = this.current.state === 'streaming';
    return {
      ...this.current,
      ...(isStreaming ? { fps: this.meter.rate(this.options.clock.nowMs()) } : {}),
      ...(this.lastCaptureMs > 0 ? { lastFrameAtMs: this.lastCaptureMs } : {}),
    };
  }

  /** Pictures a second, as they lately came; undefined in the first moments. */
  get fps(): number | undefined {
    return this.meter.rate(this.lastCaptureMs);
  }

  listen(listener: ReaderListener): Disposable {
    this.listeners.add(listener);
    return { [Symbol.dispose]: () => void this.listeners.delete(listener) };
  }

  /** @param after is waited for: the end of an earlier connection */
  start(after?: Promise<void>): void {
    this.running ??= this.run(after);
  }

  /** Ends reading for good. Returns when the connection is closed, within 5 s even when the camera hangs. */
  async stop(): Promise<void> {
    this.stopping.abort();
    void Promise.resolve(this.running).finally(this.hasClosed);
    const timer = new AbortController();
    const late = sleep(MAX_STOP_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([this.running, late]);
    timer.abort();
    this.gop.clear();
    this.change({ state: 'stopped', reason: undefined });
  }

  private async run(after: Promise<void> | undefined): Promise<void> {
    const { signal } = this.stopping;
    if (after) {
      this.change({ state: 'starting', reason: undefined });
      await after;
    }
    while (!signal.aborted) {
      if (this.current.state !== 'reconnecting') this.change({ state: 'starting', reason: undefined });
      const end = await this.readUntilItEnds();
      if (signal.aborted) return;
      if (end instanceof Finished) return this.change({ state: 'stopped', reason: end.reason });
      await sleep(this.afterFailure(end), undefined, { signal }).catch(() => undefined);
    }
  }

  /** Shows the failure; gives the time until the next try. */
  private afterFailure({ code, message }: SourceError): number {
    const reason = { code, message };
    const wasStreaming = this.current.state === 'streaming';
    const restarts = this.current.restarts + (wasStreaming ? 1 : 0);
    const isHopeless = isIncurable(code) && !this.mayComeBack(code);
    if (wasStreaming || !isHopeless) this.change({ state: 'reconnecting', reason, restarts });
    if (isHopeless) this.change({ state: 'failed', reason });
    return isHopeless ? this.timings.incurableRetryMs : this.backOff.nextMs();
  }

  /** A camera that starts up may have nothing at its path for a while: one that just streamed is given time. */
  private mayComeBack(code: SourceErrorCode): boolean {
    if (code !== 'SOURCE_NOT_FOUND' && code !== 'SOURCE_UNSUPPORTED') return false;
    return this.options.clock.nowMs() - this.lastPictureMs < this.timings.comeBackMs;
  }

  private async readUntilItEnds(): Promise<SourceError | Finished> {
    const { settings, mediaDirectory, openings } = this.options;
    this.meter.reset();
    try {
      for (;;) {
        await new SourceConnection({
          settings,
          mediaDirectory,
          openings,
          timings: this.timings,
          signal: this.stopping.signal,
          pacer: this.pacer,
          onPacket: (packet) => this.take(packet),
          onPicture: (stream, size) => this.announce(stream, size),
        }).run();
        if (!settings.loop)
          return new Finished({ code: 'SOURCE_ENDED', message: 'The file has been played to its end.' });
      }
    } catch (error) {
      if (error instanceof Finished || error instanceof SourceError) return error;
      const sentence = 'The source could not be read.';
      return this.stopping.signal.aborted
        ? sourceError('SOURCE_ENDED')
        : sourceError('SOURCE_UNREACHABLE', sentence);
    }
  }

  private take(packet: MediaPacket): void {
    if (this.stopping.signal.aborted) return packet.release();
    const { maxFrames } = this.options.settings;
    if (maxFrames !== undefined && this.frames >= maxFrames) {
      packet.release();
      throw new Finished({ code: 'MAX_FRAMES', message: `All ${maxFrames} frames have been played.` });
    }
    this.frames += 1;
    this.lastCaptureMs = Math.max(this.options.clock.nowMs(), this.lastCaptureMs + 0.001);
    packet.captureTimeMs = this.lastCaptureMs;
    this.meter.add(this.lastCaptureMs);
    if (this.current.state === 'streaming') this.lastPictureMs = this.lastCaptureMs;
    this.gop.push(packet);
    for (const listener of this.listeners) listener.onPacket();
  }

  private announce(stream: VideoStream, { width, height }: Size): void {
    this.backOff.reset();
    this.change({ state: 'streaming', reason: undefined, codec: stream.codec, width, height });
  }

  private change(change: Partial<StreamStatus>): void {
    if (this.stopping.signal.aborted && change.state !== 'stopped') return;
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener.onStatus(this.status);
  }
}
