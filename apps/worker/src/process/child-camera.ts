import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type Variant, lastPictureAt, variantKey } from '@camfleet/domain';
import type { Assignment, WorkerEvent } from '@camfleet/protocol';
import {
  type AnalysisDemand,
  type AnalysisFrame,
  CameraSession,
  type CameraSessionOptions,
  type SourceLease,
  type SourceRegistry,
  type StreamStatus,
} from '../capture';
import { ClipRecorder, type ClipRecorderOptions } from '../clips/clip-recorder';
import type { CameraStatus, PictureHeader, View } from './ipc';

/** How often rates and times are told, and a slate is shown, while the state stays the same. */
const TELL_INTERVAL_MS = 1_000;
const SLATE_WIDTH = 640;
/** What an inference that hangs may delay `stop()` by. */
const MAX_STOP_MS = 5_000;

/** What finds faces and objects in one camera's frames. */
export interface CameraAnalysis {
  /** Undefined: nothing is to be analysed. */
  readonly demand: AnalysisDemand | undefined;
  /** Takes the frame over: releases its full picture. */
  onFrame(frame: AnalysisFrame): void;
  /** A frame was due and could not be kept. */
  skipped(): void;
  overlay: NonNullable<CameraSessionOptions['overlay']>;
  /** The source is away. */
  interrupted(): void;
  /** Ends its visits. */
  close(): Promise<void>;
}

export interface ChildCameraOptions {
  assignment: Assignment;
  registry: SourceRegistry;
  /** The analysis that these settings ask for. `onEvent` is told what it reports. */
  analysis: (assignment: Assignment, onEvent: (event: WorkerEvent) => void) => CameraAnalysis;
  /** Where and to whom clips of events go. */
  clips: Pick<ClipRecorderOptions, 'directory' | 'onClip' | 'onDropped'>;
  onPicture: (header: PictureHeader, jpeg: Buffer) => void;
  onStatus: (status: CameraStatus) => void;
  onError: (error: unknown) => void;
}

/** 1 (smallest) to 100 (best) → FFmpeg's quantiser scale, 31 to 2; 75 is about the usual 5. */
function qscaleOf(jpegQuality: number): number {
  return 2 + 29 * ((100 - jpegQuality) / 100) ** 1.6;
}

function jpegOf({ output }: Assignment) {
  return { qscale: qscaleOf(output.jpegQuality) };
}

/** What a visit rests on: when it changes, the visits end and are begun anew. */
function analysisBasis({ epoch, analysis, zones, desired }: Assignment) {
  return [epoch, analysis, zones, desired === 'standby'];
}

/** Jobs look at the clip of an event. A standby reports no events. */
function wantsClips({ analysis, desired }: Assignment): boolean {
  return analysis.jobs.length > 0 && desired !== 'standby';
}

/** One camera of this child while its lease runs. */
export class ChildCamera {
  private readonly source: SourceLease;
  private readonly session: CameraSession;
  private readonly timer: NodeJS.Timeout;
  private assignment: Assignment;
  private analysis: CameraAnalysis;
  /** Those that were replaced have told the ends of their visits. */
  private replaced: Promise<unknown> = Promise.resolve();
  private recorder: ClipRecorder | undefined;
  private views = new Map<string, { view: View; shown: Disposable }>();
  private analysing = true;

  /** @throws SourceError `SOURCE_INVALID` */
  constructor(private readonly options: ChildCameraOptions) {
    const { assignment, registry } = options;
    this.assignment = assignment;
    this.source = registry.acquire(assignment.source);
    this.recordClips();
    this.analysis = this.startAnalysis();
    this.session = new CameraSession({
      reader: this.source.reader,
      jpeg: jpegOf(assignment),
      onJpeg: ({ variant, jpeg, captureTimeMs }) =>
        options.onPicture(this.header(variant, { timestampMs: captureTimeMs, slate: false }), jpeg),
      onAnalysisFrame: (frame) => this.analysis.onFrame(frame),
      onAnalysisSkipped: () => this.analysis.skipped(),
      overlay: (captureTimeMs) => this.analysis.overlay(captureTimeMs),
      onState: (status) => {
        if (status.state !== 'streaming') this.analysis.interrupted();
        this.tell(status);
      },
      onError: options.onError,
    });
    this.session.analyse(this.analysis.demand);
    this.tell(this.session.status);
    this.timer = setInterval(() => {
      this.tell(this.session.status);
      void this.showSlates();
    }, TELL_INTERVAL_MS);
  }

  /** The variants that have viewers now; what is not among them is encoded no more. */
  show(views: readonly View[]): void {
    const before = this.views;
    this.views = new Map(
      views.map((view) => {
        const key = `${variantKey(view.variant)}@${view.fps}`;
        const known = before.get(key);
        before.delete(key);
        return [key, known ?? { view, shown: this.session.view(view) }];
      }),
    );
    for (const { shown } of before.values()) shown[Symbol.dispose]();
  }

  /** Resolves after {@link stop}, when no camera of this child has the source any more and it is closed. */
  get sourceClosed(): Promise<void> {
    return this.source.closed;
  }

  pauseAnalysis(paused: boolean): void {
    if (this.analysing !== paused) return;
    this.analysing = !paused;
    this.session.analyse(paused ? undefined : this.analysis.demand);
  }

  /**
   * Takes new settings, or a new epoch, over the connection that there is: viewers see no gap. False when it takes
   * a new connection: another source, or a new epoch of one that does not stream.
   */
  adopt(assignment: Assignment): boolean {
    const before = this.assignment;
    const isNewEpoch = before.epoch !== assignment.epoch;
    if (!isDeepStrictEqual(before.source, assignment.source)) return false;
    if (isNewEpoch && this.session.status.state !== 'streaming') return false;
    this.assignment = assignment;
    if (!isDeepStrictEqual(analysisBasis(before), analysisBasis(assignment))) this.replaceAnalysis();
    this.recordClips();
    this.session.encodeWith(jpegOf(assignment));
    if (isNewEpoch) this.tell(this.session.status);
    return true;
  }

  /** The newest picture, or the last one of a camera that is away. */
  snapshot(maxAgeMs: number) {
    return this.session.snapshot({ maxAgeMs });
  }

  /**
   * Closes the source, unless another camera of this child shares it, and ends the visits. The source waits for
   * nothing: an inference that hangs must not keep it open beyond the lease. Resolves when all of it is done,
   * or after {@link MAX_STOP_MS}.
   */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    const { onError } = this.options;
    // The session first: its listener is gone at once, so that the end of the reader is no news.
    const closing = [
      this.session.stop(),
      this.recorder?.close(),
      this.source[Symbol.asyncDispose](),
      this.analysis.close(),
      this.replaced,
    ];
    const late = new AbortController();
    await Promise.race([
      Promise.all(closing.map((part) => Promise.resolve(part).catch(onError))),
      sleep(MAX_STOP_MS, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  /** The visits of the one before end with the epoch that they were seen in. */
  private replaceAnalysis(): void {
    this.replaced = Promise.all([this.replaced, this.analysis.close().catch(this.options.onError)]);
    this.analysis = this.startAnalysis();
    if (this.analysing) this.session.analyse(this.analysis.demand);
  }

  private startAnalysis(): CameraAnalysis {
    return this.options.analysis(this.assignment, ({ id, state, occurredAt }) => {
      if (state === 'new') this.recorder?.record(id, Date.parse(occurredAt));
    });
  }

  private recordClips(): void {
    const isWanted = wantsClips(this.assignment);
    if (isWanted === (this.recorder !== undefined)) return;
    const { clips, onError } = this.options;
    const before = this.recorder;
    this.recorder = isWanted
      ? new ClipRecorder({ ...clips, reader: this.source.reader, onError })
      : undefined;
    if (before) this.replaced = Promise.all([this.replaced, before.close()]);
  }

  private header(variant: Variant, about: { timestampMs: number; slate: boolean }): PictureHeader {
    const { cameraId, epoch } = this.assignment;
    return { cameraId, epoch, variant, ...about };
  }

  private tell(status: StreamStatus): void {
    const { cameraId, epoch } = this.assignment;
    this.options.onStatus({
      cameraId,
      epoch,
      state: status.state,
      reason: status.reason && `${status.reason.code}: ${status.reason.message}`,
      fps: status.fps ?? null,
      width: status.width ?? null,
      height: status.height ?? null,
      codec: status.codec ?? null,
      lastFrameAtMs: status.lastFrameAtMs ?? null,
      restarts: status.restarts,
    });
  }

  /** A camera that shows nothing says why, to those who watch. */
  private async showSlates(): Promise<void> {
    const { status } = this.session;
    if (status.state === 'streaming' || this.views.size === 0) return;
    const timestampMs = status.lastFrameAtMs ?? 0;
    const lines = [status.state, ...(status.reason ? [status.reason.message] : []), ...since(timestampMs)];
    try {
      for (const { view } of this.views.values()) {
        const width = view.variant.width || SLATE_WIDTH;
        const jpeg = await this.session.slate({ lines, width });
        this.options.onPicture(this.header(view.variant, { timestampMs, slate: true }), jpeg);
      }
    } catch (error) {
      this.options.onError(error);
    }
  }
}

/** A picture that may look live says since when it is not. */
function since(lastFrameAtMs: number): string[] {
  if (lastFrameAtMs === 0) return [];
  const { day, time } = lastPictureAt(lastFrameAtMs);
  return [`last picture ${day} ${time}`];
}
