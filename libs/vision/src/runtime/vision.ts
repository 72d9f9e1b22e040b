import { type RgbImage, thresholdAt } from '@camfleet/domain';
import type { FaceDetection } from '../faces/detection';
import type { FaceRegion } from '../faces/face-region';
import { type ChosenModels, DEFAULT_MODELS, entriesOf } from '../models/catalogue';
import type { CatalogueEntry, FaceEmbedderEntry } from '../models/entry';
import type { PictureInput } from '../models/picture-input';
import { JobThread } from './job-thread';
import type { ObjectDetection } from '../objects/object-detection';
import type { Answer, FaceDescription, FaceJob, Job, ObjectsWanted, ThreadStart } from './jobs';
import { SharedPixels } from './shared-pixels';
import { VisionError } from './vision-error';

/** Calls that wait for the thread; the next one is refused with `VISION_BUSY`. Each holds its own pixels. */
const MAX_WAITING = 32;
/** Faces of one call; more would keep the other cameras of this process waiting. */
export const MAX_FACES = 16;

/** A false match in so many joins the visits of two people who pass one camera within seconds. */
const SAME_PERSON_RATE = 1e-4;
/** Of ArcFace-like embedders, where nobody has measured. */
const USUAL_SAME_PERSON_SCORE = 0.4;

export interface DescribeRequest {
  region: FaceRegion;
  /** `region.rect` of the frame as a picture of `region.side` x `region.side`. */
  pixels: RgbImage;
  /** Undefined: no embedding. Else one is made when the quality's score is at least this. */
  embedFromScore?: number;
}

/** Milliseconds in the inference thread since the start. */
export interface VisionTimings {
  jobs: number;
  /** In the models alone. */
  modelMs: number;
  /** With what is done before and after them. */
  totalMs: number;
}

export interface VisionOptions {
  modelsDirectory: string;
  /** Camfleet's own choice when left out. */
  models?: ChosenModels;
  signal?: AbortSignal;
}

/**
 * Finds and describes faces in one thread beside the event loop. Jobs run one after another, in the order of the
 * calls; a caller whose frame would be old by then looks at `busy` and drops it. When the thread fails, the job
 * in it is rejected and the next call starts another.
 */
export class Vision implements AsyncDisposable {
  /** As {@link describeModels} says. */
  readonly models: ModelDescription[];
  readonly embedder: { model: string; version: string };
  /** An `embeddingLength` that tells a face to be upright; undefined where nobody has measured. */
  readonly uprightLength: number | undefined;
  /** The cosine above which two faces before one camera within seconds show one person. */
  readonly samePersonScore: number;
  /** What a picture for `detectFaces` is best scaled to fit (`fitInput`). */
  readonly faceInput: PictureInput;
  /** The same for `detectObjects`, and the score from which the model is sure of an object. */
  readonly objects: { input: PictureInput; minScore: number };
  readonly timings: VisionTimings = { jobs: 0, modelMs: 0, totalMs: 0 };
  /** Time in the models of the newest job. */
  lastRunMs = 0;

  private readonly detectorPixels = new SharedPixels();
  private readonly facePixels = new SharedPixels();
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private isClosed = false;

  private constructor(
    private thread: JobThread,
    private readonly start: ThreadStart,
  ) {
    const { faceDetector, faceEmbedder, objectDetector } = start.models;
    this.models = describeModels(start.models);
    this.embedder = { model: faceEmbedder.name, version: faceEmbedder.version };
    this.uprightLength = faceEmbedder.uprightLength;
    this.samePersonScore = faceEmbedder.calibration
      ? thresholdAt(faceEmbedder.calibration, SAME_PERSON_RATE)
      : USUAL_SAME_PERSON_SCORE;
    this.faceInput = faceDetector.input;
    this.objects = { input: objectDetector.input, minScore: objectDetector.decoder.minScore };
  }

  /** @throws VisionError `MODEL_MISSING`, `MODEL_INVALID`, `VISION_START_FAILED` */
  static async start({ modelsDirectory, models, signal }: VisionOptions): Promise<Vision> {
    signal?.throwIfAborted();
    const start = { modelsDirectory, models: models ?? DEFAULT_MODELS };
    const vision = new Vision(await JobThread.start(start), start);
    if (signal?.aborted) await vision.close();
    signal?.throwIfAborted();
    signal?.addEventListener('abort', () => void vision.close(), { once: true });
    return vision;
  }

  /** A job runs, or waits. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  /**
   * Boxes of faces, best first. The picture is the whole frame; at the size of `fitInput` it costs least.
   * @throws VisionError `VISION_PICTURE_INVALID`, `VISION_BUSY`, `VISION_CLOSED`, and those of a failed thread
   */
  async detectFaces(picture: RgbImage): Promise<FaceDetection[]> {
    checkPicture(picture);
    const { width, height } = picture;
    const answer = await this.enqueue(() => ({
      kind: 'detect',
      pixels: this.detectorPixels.hold([picture]),
      width,
      height,
    }));
    return answer.kind === 'detected' ? answer.detections : [];
  }

  /**
   * Boxes of objects, best first. The model is loaded with the first picture: `ensureObjectModel` has to have fetched
   * it. The picture is the whole frame; at the size of `fitInput(frame, vision.objects.input)` it costs least.
   * @param wanted what is looked for; left out: everything, from the model's own score
   * @throws VisionError as `detectFaces`, and `MODEL_MISSING`, `MODEL_INVALID`
   */
  async detectObjects(
    picture: RgbImage,
    { labels, minScore }: ObjectsWanted = {},
  ): Promise<ObjectDetection[]> {
    checkPicture(picture);
    const { width, height } = picture;
    const answer = await this.enqueue(() => ({
      kind: 'detect-objects',
      pixels: this.detectorPixels.hold([picture]),
      width,
      height,
      labels,
      minScore,
    }));
    return answer.kind === 'detected-objects' ? answer.objects : [];
  }

  /** In the order of the requests, at most `MAX_FACES`. @throws VisionError as `detectFaces` */
  async describeFaces(requests: readonly DescribeRequest[]): Promise<FaceDescription[]> {
    if (requests.length === 0) return [];
    if (requests.length > MAX_FACES) throw invalid(`More than ${MAX_FACES} faces were asked for at once.`);
    for (const { region, pixels } of requests) {
      checkPicture(pixels);
      if (pixels.width !== region.side || pixels.height !== region.side)
        throw invalid('A region of a face has another size than was asked for.');
    }
    const answer = await this.enqueue(() => ({
      kind: 'describe',
      pixels: this.facePixels.hold(requests.map(({ pixels }) => pixels)),
      faces: faceJobs(requests),
    }));
    return answer.kind === 'described' ? answer.descriptions : [];
  }

  /** Ends the thread; what waits is rejected with `VISION_CLOSED`. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.thread.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async enqueue(job: () => Job): Promise<Answer> {
    if (this.waiting > MAX_WAITING)
      throw new VisionError('VISION_BUSY', 'Too many pictures wait for the models.');
    this.waiting += 1;
    // The buffers belong to the job that runs: they are filled when its turn comes.
    const turn = this.last.then(() => this.run(job));
    this.last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  private async run(job: () => Job): Promise<Answer> {
    this.checkOpen();
    try {
      if (!this.thread.isAlive) this.thread = await JobThread.start(this.start);
      const answer = await this.thread.run(job());
      this.count(answer);
      return answer;
    } catch (error) {
      this.checkOpen();
      throw error;
    } finally {
      if (this.isClosed) await this.thread.end();
    }
  }

  private count(answer: Answer): void {
    if (!('modelMs' in answer)) return;
    this.timings.jobs += 1;
    this.timings.modelMs += answer.modelMs;
    this.timings.totalMs += answer.totalMs;
    this.lastRunMs = answer.modelMs;
  }

  private checkOpen(): void {
    if (this.isClosed) throw new VisionError('VISION_CLOSED', 'The models are closed.');
  }
}

export interface ModelDescription {
  kind: CatalogueEntry['kind'];
  name: string;
  version: string;
  calibration?: FaceEmbedderEntry['calibration'];
  /** What it finds, where that is not COCO. */
  labels?: string[];
}

/** What a worker tells of its models when it registers. */
export function describeModels(models: ChosenModels): ModelDescription[] {
  return entriesOf(models).map(describeModel);
}

function describeModel(entry: CatalogueEntry): ModelDescription {
  const { kind, name, version } = entry;
  const calibration = entry.kind === 'face-embedder' ? entry.calibration : undefined;
  const labels = entry.kind === 'object-detector' && entry.labels !== 'coco' ? entry.labels : undefined;
  return { kind, name, version, ...(calibration && { calibration }), ...(labels && { labels }) };
}

/** Loads and warms the models. @throws VisionError `MODEL_MISSING`, `MODEL_INVALID`, `VISION_START_FAILED` */
export function startVision(options: VisionOptions): Promise<Vision> {
  return Vision.start(options);
}

const invalid = (message: string) => new VisionError('VISION_PICTURE_INVALID', message);

function checkPicture({ data, width, height }: RgbImage): void {
  if (width < 1 || height < 1 || data.length !== width * height * 3)
    throw invalid('A picture has not three bytes for each of its pixels.');
}

function faceJobs(requests: readonly DescribeRequest[]): FaceJob[] {
  let offset = 0;
  return requests.map(({ region, embedFromScore }) => {
    const { side, face, points, heightPx, cutOff } = region;
    const job = { offset, side, face, points, heightPx, cutOff, embedFromScore };
    offset += side * side * 3;
    return job;
  });
}
