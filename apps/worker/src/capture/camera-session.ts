import { type RgbImage, type Variant, variantKey } from '@camfleet/domain';
import type { GopStep, JpegOptions, OverlayBox, VideoFrame } from '@camfleet/media';
import { CameraDecoder } from './camera-decoder';
import { ANALYSIS, type AnalysisDemand, Demands, type ViewDemand } from './demands';
import { FrameOutput } from './frame-output';
import { FullFrame } from './full-frame';
import { slateJpeg } from './slate-jpeg';
import type { SourceReader } from './source-reader';
import { type Still, StillKeeper } from './still-keeper';
import type { StreamStatus } from './stream-status';
import { TickSelector } from './tick-selector';
import { WakeUp } from './wake-up';

type LentFrame = Pick<FullFrame, 'size' | 'cutRegion' | 'cropJpeg' | 'release'>;

export interface AnalysisFrame {
  rgb: RgbImage;
  /** Unix ms. */
  captureTimeMs: number;
  /** To be released by whoever gets it. */
  frame: LentFrame;
}

export interface CameraOutput {
  variant: Variant;
  jpeg: Buffer;
  /** Unix ms; never goes back. */
  captureTimeMs: number;
}

export interface CameraSessionOptions {
  /** Shared with other cameras on the same source; not stopped with the session. */
  reader: SourceReader;
  onJpeg(output: CameraOutput): void;
  onAnalysisFrame(frame: AnalysisFrame): void;
  /** An analysis was due while both full frames were lent. */
  onAnalysisSkipped?(): void;
  onState(status: StreamStatus): void;
  /** The boxes to draw on a frame of this capture time. */
  overlay?: (captureTimeMs: number) => readonly OverlayBox[];
  /** A frame that could not be scaled or encoded; the session goes on. */
  onError?: (error: unknown) => void;
  jpeg?: JpegOptions;
  /** Default `auto`. */
  hardware?: 'auto' | 'off';
}

export interface SnapshotOptions {
  maxAgeMs: number;
  maxWidth?: number;
}

/** While it catches up over old packets, a viewer gets a picture this often. */
const CATCH_UP_PICTURE_MS = 250;
/** A burst as short as this is decoded before anybody notices: its keyframe is not shown first. */
const SHORT_BURST_PACKETS = 10;
/** More packets than these waiting: it is catching up. */
const USUAL_BACKLOG_PACKETS = 2;
const MAX_LENT_FRAMES = 2;

/**
 * One camera: takes the packets of its source and makes what is demanded of them. No demand: nothing is
 * decoded. A demand: decoding begins with the packets kept since the last keyframe. Scaling and encoding happen
 * only on ticks, and on the same ones for viewers and analysis.
 */
export class CameraSession {
  private readonly demands = new Demands();
  private readonly decoder: CameraDecoder;
  private readonly output: FrameOutput;
  private readonly ticks = new TickSelector();
  private readonly stills: StillKeeper;
  private readonly wakeUp = new WakeUp();
  private readonly listening: Disposable;
  private readonly running: Promise<void>;
  private lentFrames = 0;
  private lastRenderAtMs = -Infinity;
  private lastOutputMs = 0;
  private stopped = false;

  constructor(private readonly options: CameraSessionOptions) {
    const { reader, hardware = 'auto', jpeg = {} } = options;
    this.decoder = new CameraDecoder(reader.gop, hardware);
    this.output = new FrameOutput(jpeg);
    this.stills = new StillKeeper(jpeg);
    this.listening = reader.listen({
      onPacket: () => this.wakeUp.ring(),
      onStatus: (status) => options.onState(status),
    });
    this.running = this.run();
  }

  get status(): StreamStatus {
    return this.options.reader.status;
  }

  /** Begins to give JPEGs of this variant, the first at once when the source has a picture. */
  view(demand: ViewDemand): Disposable {
    const added = this.demands.add(demand);
    this.wakeUp.ring();
    return added;
  }

  /** Begins, changes or (undefined) ends the analysis. */
  analyse(demand: AnalysisDemand | undefined): void {
    this.demands.analysis = demand;
    this.wakeUp.ring();
  }

  /** From the next picture on. */
  encodeWith(jpeg: JpegOptions): void {
    this.output.quality = jpeg;
    this.stills.quality = jpeg;
  }

  /**
   * The newest picture; when nothing runs, the kept packets are decoded for it. Of a camera that is away, its
   * last. Undefined when there never was one.
   * @param maxAgeMs a picture that is at hand and not older is taken without decoding
   * @param maxWidth pixels; 0: as the camera sends it
   */
  async snapshot({ maxAgeMs, maxWidth = 0 }: SnapshotOptions): Promise<Still | undefined> {
    const newestMs = this.options.reader.gop.newestPacket?.captureTimeMs ?? 0;
    const isTooOld = newestMs - this.stills.latestCaptureMs > maxAgeMs || !this.stills.hasAny;
    if (isTooOld && !this.stopped) {
      await this.stills.decoded(() => this.wakeUp.ring());
    }
    return this.stills.encode(maxWidth);
  }

  /** A JPEG with text over the dimmed last picture, or over darkness. */
  async slate({ lines, width }: { lines: readonly string[]; width: number }): Promise<Buffer> {
    const last = await this.snapshot({ maxAgeMs: Infinity, maxWidth: width });
    return slateJpeg({ last: last?.jpeg, lines, width });
  }

  /** Ends decoding; the reader goes on. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.listening[Symbol.dispose]();
    this.wakeUp.ring();
    await this.running;
    this.stills.settle();
    this.output.close();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      if (this.demands.isEmpty && !this.stills.isWanted) {
        await this.rest();
        await this.wakeUp.wait();
        continue;
      }
      const step = this.decoder.peek();
      if (step) await this.process(step).catch((error: unknown) => this.options.onError?.(error));
      else if (this.stills.isWanted) await this.settleStills();
      else await this.wakeUp.wait();
    }
    await this.rest();
  }

  private async rest(): Promise<void> {
    this.stills.releaseFrame();
    this.lastRenderAtMs = -Infinity;
    await this.decoder.reset();
  }

  private async settleStills(): Promise<void> {
    if (!this.stills.hasFrame && !this.demands.hasViews) {
      for (const frame of await this.decoder.drain()) {
        this.stills.offer(frame);
        frame.release();
      }
    }
    this.stills.settle();
  }

  private async process(step: GopStep): Promise<void> {
    if (step.packet.jpeg) return this.processJpeg(step, step.packet.jpeg);
    for (const frame of await this.decoder.decode(step)) {
      try {
        await this.show(frame, step.backlog);
      } finally {
        frame.release();
      }
    }
  }

  private async show(frame: VideoFrame, backlog: number): Promise<void> {
    this.stills.offer(frame);
    const due = backlog > USUAL_BACKLOG_PACKETS ? this.dueWhileCatchingUp(backlog) : this.due();
    if (due.size > 0) await this.render(frame, due);
    if (backlog === 0) this.stills.settle();
  }

  private due(): Set<string> {
    return this.ticks.select(this.demands.rates(), this.options.reader.fps);
  }

  /** Viewers see the keyframe first and then a few steps; the analysis is not troubled with old frames. */
  private dueWhileCatchingUp(backlog: number): Set<string> {
    const isFirst = this.lastRenderAtMs === -Infinity;
    const isTime = isFirst
      ? backlog > SHORT_BURST_PACKETS
      : performance.now() - this.lastRenderAtMs >= CATCH_UP_PICTURE_MS;
    if (!isTime) return new Set();
    return new Set([...this.demands.rates().keys()].filter((key) => key !== ANALYSIS));
  }

  /** Every picture stands alone: what is not due is not decoded, what needs no change is passed through. */
  private async processJpeg(step: GopStep, jpeg: Buffer): Promise<void> {
    const due = this.due();
    const { stream, captureTimeMs } = step.packet;
    for (const variant of this.demands.variants(due)) {
      const isOwnSize = variant.width === 0 || variant.width >= stream.width;
      if (variant.overlay || !isOwnSize || stream.rotation !== 0) continue;
      due.delete(variantKey(variant));
      this.emit({ variant, jpeg, captureTimeMs });
    }
    if (due.size === 0 && !this.stills.isWanted) return this.decoder.skip(step);
    for (const frame of await this.decoder.decode(step)) {
      this.stills.offer(frame);
      if (due.size > 0) await this.render(frame, due).finally(() => frame.release());
      else frame.release();
    }
    this.stills.settle();
  }

  private async render(frame: VideoFrame, due: ReadonlySet<string>): Promise<void> {
    this.lastRenderAtMs = performance.now();
    const { captureTimeMs } = frame;
    const isAnalysisDue = due.has(ANALYSIS) && this.demands.analysis !== undefined;
    const mayLend = this.lentFrames < MAX_LENT_FRAMES;
    if (isAnalysisDue && !mayLend) this.options.onAnalysisSkipped?.();
    await this.output.make(frame, {
      variants: this.demands.variants(due),
      analysisWidth: isAnalysisDue && mayLend ? this.demands.analysis?.width : undefined,
      boxes: () => this.options.overlay?.(captureTimeMs) ?? [],
      onRgb: (rgb) => this.options.onAnalysisFrame({ rgb, captureTimeMs, frame: this.lend(frame) }),
      onJpeg: (variant, jpeg) => this.emit({ variant, jpeg, captureTimeMs }),
    });
  }

  private lend(frame: VideoFrame): FullFrame {
    this.lentFrames += 1;
    return new FullFrame(frame, () => {
      this.lentFrames -= 1;
    });
  }

  private emit(output: CameraOutput): void {
    this.lastOutputMs = Math.max(this.lastOutputMs, output.captureTimeMs);
    if (!output.variant.overlay) this.stills.keep(output);
    this.options.onJpeg({ ...output, captureTimeMs: this.lastOutputMs });
  }
}
