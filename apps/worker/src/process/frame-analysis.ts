import type { Box } from '@camfleet/domain';
import type { WorkerEvent } from '@camfleet/protocol';
import type { AnalysisFrame } from '../capture';
import type { MotionGate, VisitEvent } from '../pipeline';
import type { AnalysisTurns, TurnTaker } from './analysis-turns';
import type { CameraAnalysis } from './child-camera';

const SNAPSHOT = { maxWidth: 320, qscale: 4 };
/** A frame this share of an interval early is due all the same: frames come when the camera sends them. */
const EARLY = 0.2;

/** What looks for one kind of thing in one camera's frames, and follows it. One call at a time. */
export interface AnalysisStage {
  /** Frames a second that it looks at, at the most. */
  readonly fps: number;
  readonly isFollowing: boolean;
  /** It has to look again before it can tell of somebody who is there, also when they keep still. */
  readonly isWaiting: boolean;
  look(frame: AnalysisFrame): Promise<VisitEvent[]>;
  /** The frame shows nothing that the last one did not. */
  hold(captureTimeMs: number): VisitEvent[];
  /** Ends everything. */
  flush(): VisitEvent[];
  boxesAt(captureTimeMs: number): readonly { box: Box }[];
}

export interface FrameAnalysisOptions {
  stages: readonly AnalysisStage[];
  /** Of the picture that the gate and the stages get, pixels. */
  width: number;
  /** Of the slowest stage's interval, so that each has its looks before it closes. None: every frame is looked at. */
  gate: ((intervalMs: number) => MotionGate) | undefined;
  turns: AnalysisTurns<AnalysisFrame>;
  /** False once the lease is over: what a process sees that wakes too late, the camera's next owner reports. */
  hasLease: () => boolean;
  onEvent: (event: WorkerEvent, snapshot: Buffer | undefined) => void;
  onError: (error: unknown) => void;
}

/** Takes one camera's frames through the gate, in turns with other cameras, to all stages that are due. */
export class FrameAnalysis implements CameraAnalysis, TurnTaker<AnalysisFrame> {
  readonly demand;
  private readonly lastLookMs = new Map<AnalysisStage, number>();
  private job: Promise<void> = Promise.resolve();
  private readonly gate: MotionGate | undefined;
  private closed = false;

  constructor(private readonly options: FrameAnalysisOptions) {
    const { stages, width } = options;
    this.gate = options.gate?.(1000 / Math.min(...stages.map(({ fps }) => fps)));
    this.demand = { fps: Math.max(...stages.map(({ fps }) => fps)), width };
  }

  onFrame(frame: AnalysisFrame): void {
    if (this.closed || !this.options.hasLease()) this.drop(frame);
    else if (this.isStill(frame)) this.hold(frame);
    else this.options.turns.offer(this, frame);
  }

  skipped(): void {
    this.options.turns.skipped();
  }

  readonly overlay: CameraAnalysis['overlay'] = (captureTimeMs) =>
    this.options.stages.flatMap((stage) => stage.boxesAt(captureTimeMs)).map(({ box }) => ({ box }));

  /** The source is away: who was before the camera has gone. */
  interrupted(): void {
    this.gate?.reset();
    this.enqueue(() => this.emitAll(this.options.stages.flatMap((stage) => stage.flush())));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.options.turns.leave(this);
    this.interrupted();
    await this.job;
  }

  drop({ frame }: AnalysisFrame): void {
    frame.release();
  }

  work(frame: AnalysisFrame): Promise<void> {
    return this.enqueue(() => this.analyse(frame).finally(() => this.drop(frame)));
  }

  /** Everything that touches the stages, one after another. */
  private enqueue(step: () => Promise<void>): Promise<void> {
    this.job = this.job.then(step).catch(this.options.onError);
    return this.job;
  }

  private isStill({ rgb, captureTimeMs }: AnalysisFrame): boolean {
    const { gate } = this;
    const { stages } = this.options;
    const somebody = stages.some(({ isFollowing }) => isFollowing);
    const isClosed = gate !== undefined && !gate.opens(rgb, { timestampMs: captureTimeMs, somebody });
    return isClosed && !stages.some(({ isWaiting }) => isWaiting);
  }

  private hold(still: AnalysisFrame): void {
    this.drop(still);
    // An earlier frame waits for its turn and shows the same: the stages never see time go back.
    if (this.options.turns.isWaiting(this)) return;
    void this.enqueue(() =>
      this.emitAll(this.options.stages.flatMap((stage) => stage.hold(still.captureTimeMs))),
    );
  }

  private async analyse(frame: AnalysisFrame): Promise<void> {
    for (const stage of this.options.stages) {
      if (this.closed) return;
      if (!this.isDue(stage, frame.captureTimeMs)) continue;
      this.lastLookMs.set(stage, frame.captureTimeMs);
      // One that fails takes nothing from the others.
      const events = await stage.look(frame).catch((error: unknown) => {
        this.options.onError(error);
        return [];
      });
      await this.emitAll(events, frame);
    }
  }

  private isDue(stage: AnalysisStage, captureTimeMs: number): boolean {
    const sinceMs = captureTimeMs - (this.lastLookMs.get(stage) ?? -Infinity);
    return stage.fps === this.demand.fps || sinceMs >= ((1 - EARLY) * 1000) / stage.fps;
  }

  private async emitAll(events: readonly VisitEvent[], analysed?: AnalysisFrame): Promise<void> {
    for (const { event, snapshotOf } of events) {
      const snapshot =
        snapshotOf && analysed
          ? await analysed.frame.cropJpeg(snapshotOf, SNAPSHOT).catch((error: unknown) => {
              this.options.onError(error);
              return undefined;
            })
          : undefined;
      this.options.onEvent(event, snapshot);
    }
  }
}
