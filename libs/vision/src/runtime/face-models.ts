import { type FaceQuality, norm, normalised, type RgbImage } from '@camfleet/domain';
import { alignFace, fitSimilarity, templateOf } from '../faces/alignment';
import { decodeFaces, type FaceDetection } from '../faces/detection';
import type { FivePoints } from '../faces/five-points';
import { fivePoints, GREY_SIDE, greySquare, landmarkSquare, toPoints } from '../faces/landmarks';
import { exposureOf, fivePointPose, headPose, qualityScore, sharpnessOf } from '../faces/quality';
import type { ChosenModels } from '../models/catalogue';
import type { FaceDetectorEntry, FaceEmbedderEntry, FaceLandmarksEntry } from '../models/entry';
import { placePicture } from '../pictures/letterbox';
import type { FaceDescription, FaceJob } from './jobs';
import { ModelSession } from './model-session';

interface Sessions {
  detector: ModelSession<FaceDetectorEntry>;
  landmarks: ModelSession<FaceLandmarksEntry> | undefined;
  embedder: ModelSession<FaceEmbedderEntry>;
}

/** The face models, one picture or face at a time. Lives in the inference thread. */
export class FaceModels {
  private readonly grey = new Float32Array(GREY_SIDE * GREY_SIDE);
  private readonly template: FivePoints;

  private constructor(private readonly sessions: Sessions) {
    this.template = templateOf(sessions.embedder.entry);
  }

  /** @throws VisionError `MODEL_MISSING`, `MODEL_INVALID` */
  static async load(models: ChosenModels, directory: string): Promise<FaceModels> {
    const { faceLandmarks } = models;
    const sessions = {
      detector: await ModelSession.load(models.faceDetector, directory),
      landmarks: faceLandmarks && (await ModelSession.load(faceLandmarks, directory)),
      embedder: await ModelSession.load(models.faceEmbedder, directory),
    };
    // The first run of a session allocates: not while someone waits for a face.
    for (const session of Object.values(sessions)) await session?.run();
    return new FaceModels(sessions);
  }

  get modelMs(): number {
    return Object.values(this.sessions).reduce((sum, session) => sum + (session?.modelMs ?? 0), 0);
  }

  async detect(image: RgbImage): Promise<FaceDetection[]> {
    const { detector } = this.sessions;
    const picture = placePicture(image, detector.entry.input, detector.input);
    return decodeFaces(detector.entry, { output: await detector.run(), picture });
  }

  /** @param region the pixels that the job tells of */
  async describe(region: RgbImage, job: FaceJob): Promise<FaceDescription> {
    const { embedder } = this.sessions;
    const square = landmarkSquare(job.face);
    greySquare(region, square, this.grey);
    const { points, ...pose } = await this.locate(job, square);
    const parts = {
      ...pose,
      sharpness: sharpnessOf(this.grey, GREY_SIDE),
      exposure: exposureOf(this.grey, GREY_SIDE),
      heightPx: job.heightPx,
      cutOff: job.cutOff,
    };
    const quality: FaceQuality = { score: qualityScore(parts), ...parts };
    if (job.embedFromScore === undefined || quality.score < job.embedFromScore) return { quality };
    const toAligned = fitSimilarity(points, this.template);
    const target = { input: embedder.entry.input, tensor: embedder.input };
    if (!alignFace(region, toAligned, target)) return { quality };
    const vector = (await embedder.run())(embedder.entry.output);
    return { quality, embedding: normalised(vector), embeddingLength: norm(vector) };
  }

  private async locate({ points: found }: FaceJob, square: ReturnType<typeof landmarkSquare>) {
    const { landmarks } = this.sessions;
    if (!landmarks) {
      if (!found) throw new Error('The detector finds eyes and mouth itself, but they were not handed on.');
      return { points: found, ...fivePointPose(found) };
    }
    const { mean, scale } = landmarks.entry.input;
    const [level, gain] = [mean, scale].map((value) => (typeof value === 'number' ? value : value[0]));
    this.grey.forEach((value, at) => {
      landmarks.input[at] = (value * 256 - (level ?? 0)) * (gain ?? 1);
    });
    const all = toPoints((await landmarks.run())(landmarks.entry.output), square);
    return { points: fivePoints(all), ...headPose(all) };
  }
}
