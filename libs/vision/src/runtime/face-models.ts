import type { RgbImage } from '@camfleet/domain';
import { alignFace, ARCFACE_TEMPLATE, fitSimilarity, normalise } from '../faces/alignment';
import { decodeDetections, type FaceDetection } from '../faces/detection';
import { fivePoints, greySquare, LANDMARK_SIDE, landmarkSquare, toPoints } from '../faces/landmarks';
import { letterbox } from '../faces/letterbox';
import { headPose, qualityScore, sharpnessOf } from '../faces/quality';
import { FACE_DETECTOR, FACE_EMBEDDER, FACE_LANDMARKS } from '../models/catalogue';
import type { FaceDescription, FaceJob } from './jobs';
import { ModelSession } from './model-session';

/** The three face models, one picture or face at a time. Lives in the inference thread. */
export class FaceModels {
  private constructor(
    private readonly detector: ModelSession,
    private readonly landmarks: ModelSession,
    private readonly embedder: ModelSession,
  ) {}

  static async load(directory: string): Promise<FaceModels> {
    const models = new FaceModels(
      await ModelSession.load(FACE_DETECTOR, directory),
      await ModelSession.load(FACE_LANDMARKS, directory),
      await ModelSession.load(FACE_EMBEDDER, directory),
    );
    // The first run of a session allocates: not while someone waits for a face.
    await Promise.all([models.detector.run(), models.landmarks.run(), models.embedder.run()]);
    return models;
  }

  get modelMs(): number {
    return this.detector.modelMs + this.landmarks.modelMs + this.embedder.modelMs;
  }

  async detect(image: RgbImage): Promise<FaceDetection[]> {
    const picture = letterbox(image, this.detector.input);
    const output = await this.detector.run();
    return decodeDetections(output('scores'), output('boxes'), picture);
  }

  /** @param region the pixels that the job tells of */
  async describe(region: RgbImage, job: FaceJob): Promise<FaceDescription> {
    const square = landmarkSquare(job.face);
    const grey = this.landmarks.input;
    greySquare(region, square, grey);
    const points = toPoints((await this.landmarks.run())('output'), square);
    const parts = {
      ...headPose(points),
      sharpness: sharpnessOf(grey, LANDMARK_SIDE),
      heightPx: job.heightPx,
      cutOff: job.cutOff,
    };
    const quality = { score: qualityScore(parts), ...parts };
    if (job.embedFromScore === undefined || quality.score < job.embedFromScore) return { quality };
    const toAligned = fitSimilarity(fivePoints(points), ARCFACE_TEMPLATE);
    if (!alignFace(region, toAligned, this.embedder.input)) return { quality };
    return { quality, embedding: normalise((await this.embedder.run())('output')) };
  }
}
