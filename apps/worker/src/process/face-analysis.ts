import type { Assignment, WorkerEvent } from '@camfleet/protocol';
import { FACE_EMBEDDER, type FaceDescription, VisionError, type Vision, fitDetector } from '@camfleet/vision';
import type { AnalysisFrame } from '../capture';
import { FaceVisits, type VisitEvent, type VisitPlan } from '../pipeline';
import type { AnalysisTurns, TurnTaker } from './analysis-turns';
import type { CameraAnalysis } from './child-camera';

const SNAPSHOT = { maxWidth: 320, qscale: 4 };
/** The usual shape of a camera's picture, until its own is known. */
const USUAL_SIZE = { width: 1280, height: 720 };

export interface FaceAnalysisOptions {
  assignment: Assignment;
  vision: Vision;
  turns: AnalysisTurns<AnalysisFrame>;
  /** False once the lease is over: what a process sees that wakes too late, the camera's next owner reports. */
  hasLease: () => boolean;
  onEvent: (event: WorkerEvent, snapshot: Buffer | undefined) => void;
  onError: (error: unknown) => void;
}

/** The faces of one camera: detects in the small picture, cuts from the full one, tells the visits. */
export class FaceAnalysis implements CameraAnalysis, TurnTaker<AnalysisFrame> {
  readonly demand;
  private readonly visits: FaceVisits;
  private job: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly options: FaceAnalysisOptions) {
    const { assignment, vision } = options;
    const { faces, minFaceHeightPx } = assignment.analysis;
    this.demand = { fps: faces.fps, width: fitDetector(USUAL_SIZE).width };
    this.visits = new FaceVisits({
      cameraId: assignment.cameraId,
      epoch: assignment.epoch,
      embedder: vision.embedder,
      analysisIntervalMs: 1000 / faces.fps,
      minFaceHeightPx,
      samePersonScore: FACE_EMBEDDER.thresholds.samePerson,
    });
  }

  onFrame(frame: AnalysisFrame): void {
    if (this.closed || !this.options.hasLease()) this.drop(frame);
    else this.options.turns.offer(this, frame);
  }

  readonly overlay: CameraAnalysis['overlay'] = (captureTimeMs) =>
    this.visits.overlayAt(captureTimeMs).map(({ box }) => ({ box }));

  /** The source is away: who was before the camera has gone. */
  interrupted(): void {
    this.job = this.job.then(() => this.emitAll(this.visits.flush()));
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
    this.job = this.job
      .then(() => this.analyse(frame))
      .catch(this.options.onError)
      .finally(() => frame.frame.release());
    return this.job;
  }

  private async analyse(analysed: AnalysisFrame): Promise<void> {
    const { captureTimeMs, frame, rgb } = analysed;
    if (this.closed) return;
    const detections = await this.options.vision.detectFaces(rgb);
    const plan = this.visits.observe(detections, { captureTimeMs, frame: frame.size });
    const descriptions = await this.describe(plan, analysed);
    await this.emitAll(this.visits.described(plan, descriptions), analysed);
  }

  /** None when the models fail: the visits are told all the same. */
  private async describe({ describe }: VisitPlan, { frame }: AnalysisFrame): Promise<FaceDescription[]> {
    if (describe.length === 0) return [];
    try {
      const requests = [];
      for (const { region, embedFromScore } of describe) {
        requests.push({ region, embedFromScore, pixels: await frame.cutRegion(region.rect, region.side) });
      }
      return await this.options.vision.describeFaces(requests);
    } catch (error) {
      if (!(error instanceof VisionError && error.code === 'VISION_CLOSED')) this.options.onError(error);
      return [];
    }
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

/** Of a camera whose faces nobody wants, or that runs where there are no models. */
export const NO_ANALYSIS: CameraAnalysis = {
  demand: undefined,
  onFrame: ({ frame }) => frame.release(),
  overlay: () => [],
  interrupted: () => undefined,
  close: () => Promise.resolve(),
};
