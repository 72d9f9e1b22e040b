import type { Assignment } from '@camfleet/protocol';
import { type FaceDescription, type FaceDetection, VisionError, type Vision } from '@camfleet/vision';
import type { AnalysisFrame } from '../capture';
import { FaceVisits, findFaces, type VisitEvent, type VisitPlan, type ZoneFilter } from '../pipeline';
import type { AnalysisStage } from './frame-analysis';

export interface FaceStageOptions {
  assignment: Assignment;
  vision: Vision;
  zones: ZoneFilter;
  onError: (error: unknown) => void;
}

/** The faces of one camera: detects in the small picture, cuts from the full one, tells the visits. */
export class FaceStage implements AnalysisStage {
  readonly fps: number;
  private readonly visits: FaceVisits;

  constructor(private readonly options: FaceStageOptions) {
    const { assignment, vision } = options;
    const { faces, minFaceHeightPx } = assignment.analysis;
    this.fps = faces.fps;
    this.visits = new FaceVisits({
      cameraId: assignment.cameraId,
      epoch: assignment.epoch,
      embedder: vision.embedder,
      analysisIntervalMs: 1000 / faces.fps,
      minFaceHeightPx,
      samePersonScore: vision.samePersonScore,
    });
  }

  get isFollowing(): boolean {
    return this.visits.hasFaces;
  }

  get isWaiting(): boolean {
    return this.visits.isWaiting;
  }

  async look(analysed: AnalysisFrame): Promise<VisitEvent[]> {
    const { captureTimeMs, frame } = analysed;
    const detections = await this.detect(analysed);
    const plan = this.visits.observe(this.counted(detections), { captureTimeMs, frame: frame.size });
    return this.visits.described(plan, await this.describe(plan, analysed));
  }

  hold(captureTimeMs: number): VisitEvent[] {
    return this.visits.hold(captureTimeMs);
  }

  flush(): VisitEvent[] {
    return this.visits.flush();
  }

  boxesAt(captureTimeMs: number) {
    return this.visits.overlayAt(captureTimeMs);
  }

  private detect({ frame, rgb }: AnalysisFrame): Promise<FaceDetection[]> {
    const { vision, zones, assignment } = this.options;
    const { minFaceHeightPx } = assignment.analysis;
    return findFaces(frame, { vision, minFaceHeightPx, area: zones.area(frame.size), whole: rgb });
  }

  /** A face is where its middle is. */
  private counted(detections: readonly FaceDetection[]): FaceDetection[] {
    return detections.filter(({ box: [x, y, width, height] }) =>
      this.options.zones.accepts([x + width / 2, y + height / 2]),
    );
  }

  /** None when the models fail: the visits are told all the same. */
  private async describe({ describe }: VisitPlan, { frame }: AnalysisFrame): Promise<FaceDescription[]> {
    if (describe.length === 0) return [];
    try {
      const requests = [];
      for (const { region, embedFromScore } of describe) {
        requests.push({
          region,
          embedFromScore,
          pixels: await frame.cutRegion(region.rect, { width: region.side, height: region.side }),
        });
      }
      return await this.options.vision.describeFaces(requests);
    } catch (error) {
      if (!(error instanceof VisionError && error.code === 'VISION_CLOSED')) this.options.onError(error);
      return [];
    }
  }
}
