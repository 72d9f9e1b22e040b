import type { Box, PixelRect, Size } from '@camfleet/domain';
import type { Assignment } from '@camfleet/protocol';
import { fitInput, footPoint, type ObjectDetection, VisionError, type Vision } from '@camfleet/vision';
import type { AnalysisFrame } from '../capture';
import {
  FAINT_SHARE,
  ObjectVisits,
  USUAL_CLASSES,
  type VisitEvent,
  type ZoneFilter,
  ZoneWatch,
} from '../pipeline';
import type { AnalysisStage } from './frame-analysis';

/** The model is fetched when the first camera wants objects: until it is there, and fit, this often is asked. */
const MISSING_PAUSE_MS = 5_000;
const UNFIT: readonly string[] = ['MODEL_MISSING', 'MODEL_INVALID'];

export interface ObjectStageOptions {
  assignment: Assignment;
  vision: Vision;
  zones: ZoneFilter;
  onError: (error: unknown) => void;
}

/** Persons, vehicles and other things before one camera: detects in the whole picture, follows, watches zones. */
export class ObjectStage implements AnalysisStage {
  readonly fps: number;
  /** What is sure to be there is told at once. */
  readonly isWaiting = false;
  private readonly visits: ObjectVisits;
  private readonly labels: readonly string[];
  private missingSinceMs = -Infinity;

  constructor(private readonly options: ObjectStageOptions) {
    const { assignment, vision, zones } = options;
    const { cameraId, epoch, analysis } = assignment;
    this.fps = analysis.objects.fps;
    this.labels = analysis.objects.classes.length > 0 ? analysis.objects.classes : USUAL_CLASSES;
    this.visits = new ObjectVisits({
      cameraId,
      epoch,
      analysisIntervalMs: 1000 / analysis.objects.fps,
      zones,
      watch: new ZoneWatch(assignment.zones, { cameraId, epoch }),
      sureScore: vision.objects.minScore,
    });
  }

  get isFollowing(): boolean {
    return this.visits.isFollowing;
  }

  async look({ captureTimeMs, frame }: AnalysisFrame): Promise<VisitEvent[]> {
    if (performance.now() - this.missingSinceMs < MISSING_PAUSE_MS) return [];
    const { objects } = this.options.vision;
    const area = this.options.zones.area(frame.size);
    const picture = await frame.cutRegion(area, fitInput(area, objects.input));
    const wanted = { labels: this.labels, minScore: FAINT_SHARE * objects.minScore };
    try {
      const detections = await this.options.vision.detectObjects(picture, wanted);
      const found = this.counted(
        detections.map((detection) => ({ ...detection, box: inFrame(detection.box, area, frame.size) })),
      );
      return this.visits.observe(found, { captureTimeMs, frame: frame.size });
    } catch (error) {
      if (!(error instanceof VisionError && UNFIT.includes(error.code))) throw error;
      this.missingSinceMs = performance.now();
      if (error.code !== 'MODEL_MISSING') this.options.onError(error);
      return [];
    }
  }

  hold(captureTimeMs: number): VisitEvent[] {
    return this.visits.hold(captureTimeMs);
  }

  flush(): VisitEvent[] {
    return this.visits.flush();
  }

  boxesAt(captureTimeMs: number) {
    return this.visits.boxesAt(captureTimeMs);
  }

  /** A thing is where it stands. */
  private counted(detections: readonly ObjectDetection[]): ObjectDetection[] {
    return detections.filter(({ box }) => this.options.zones.sees(footPoint(box)));
  }
}

/** From fractions of a part of the frame to fractions of the frame. */
function inFrame([x, y, width, height]: Box, area: PixelRect, frame: Size): Box {
  const [across, down] = [area.width / frame.width, area.height / frame.height];
  return [area.x / frame.width + x * across, area.y / frame.height + y * down, width * across, height * down];
}
