import { CamfleetError } from '@camfleet/domain';
import {
  fitWidth,
  JpegEncoder,
  PictureScaler,
  RecordedVideo,
  type SampledFrame,
  type YuvPicture,
} from '@camfleet/media';
import type { FramesPart, FramesResult } from '@camfleet/protocol';
import { z } from 'zod';
import type { Analysis, AnalysisResult, AnalysisTask } from '../analysis';
import { ResultParts } from '../result-parts';
import { samplingOf } from '../sampling-params';
import { pictureScore } from './picture-score';
import { type Still, StillList, StillListState, stillName } from './still-list';

/** Frames that are being stored: two, and more while they lie within so much video. */
const MAX_UNSTORED_MS = 2_000;
const MAX_UNSTORED = 16;
/** At 1 fps more than a day: who gets there wants keyframes, or a lower rate. */
const MAX_FRAMES = 100_000;
/** Stills that are told together; a checkpoint holds no more, a few bytes each. */
const PART_FRAMES = 500;
const SCORED_WIDTH = 320;
/** FFmpeg's quantiser: finer than a live picture's, for these are kept. */
const QSCALE = 4;

/** Stills of a recording, each stored as a JPEG of its own size; the first and the best one are its thumbnails. */
export const framesAnalysis: Analysis = {
  type: 'frames',
  async run(task: AnalysisTask): Promise<AnalysisResult> {
    const earlier = Checkpoint.safeParse(task.checkpoint).data;
    const list = new StillList(earlier);
    const parts = new ResultParts(task, earlier?.parts);
    const index = list.nextIndex - 1;
    await using video = await RecordedVideo.open({
      url: task.video.url,
      sampling: samplingOf(task.params, { kind: 'fps', fps: 1 }),
      after: index < 0 ? undefined : { index, timestampMs: list.lastMs },
      signal: task.signal,
    });
    using stills = new Stills({ task, list, parts, durationMs: video.info.durationMs });
    // One picture is made into a JPEG while the next one is decoded.
    let making = Promise.resolve();
    try {
      for await (const frame of video.frames()) {
        await making;
        frame.picture.retain();
        making = stills.add(frame).finally(() => frame.picture.release());
        making.catch(() => undefined); // met at the next frame, or at the end
      }
    } finally {
      await making; // before the encoder is closed
    }
    await stills.allStored();
    const { frames = [] } = await parts.rest({ frames: list.take() });
    const rawResponse = resultOf(video, list, frames);
    return { rawResponse, parts: parts.count, model: 'none', version: '1', metadata: {} };
  },
};

const Checkpoint = StillListState.extend({ parts: z.int().min(0) });
type Checkpoint = z.infer<typeof Checkpoint>;

/** Makes JPEGs of frames and stores them while the next ones are decoded. */
class Stills implements Disposable {
  private readonly scaler = new PictureScaler();
  private readonly encoder = new JpegEncoder();
  /** In the order of the frames; each ends after the one before it. */
  private unstored: { timestampMs: number; stored: Promise<void> }[] = [];

  constructor(
    private readonly options: {
      task: AnalysisTask;
      list: StillList;
      parts: ResultParts;
      durationMs: number;
    },
  ) {}

  async add({ index, timestampMs, picture }: SampledFrame): Promise<void> {
    if (index >= MAX_FRAMES)
      throw new CamfleetError('VALIDATION_FAILED', `More than ${MAX_FRAMES} frames are not stored.`);
    using yuv = await this.scaler.toYuv(picture, fitWidth(picture.display, 0));
    const score = await this.score(yuv);
    const jpeg = await this.encoder.encode(yuv, { qscale: QSCALE });
    const still = { timestampMs, ...yuv.size };
    const stored = this.store({ index, still, jpeg, score });
    stored.catch(() => undefined); // told by whoever waits for it
    this.unstored.push({ timestampMs, stored });
    for (let oldest = this.unstored[0]; oldest && this.mustWait(timestampMs); oldest = this.unstored[0]) {
      await oldest.stored;
      this.unstored.shift();
    }
    const { task, list, parts, durationMs } = this.options;
    if (list.waiting >= PART_FRAMES) await parts.send({ frames: list.take() });
    await task.report({
      progress: durationMs > 0 ? Math.min(1, timestampMs / durationMs) : 0,
      timestampMs: list.lastMs,
      checkpoint: (): Checkpoint => ({ ...list.state, parts: parts.count }),
    });
  }

  async allStored(): Promise<void> {
    for (const { stored } of this.unstored.splice(0)) await stored;
  }

  [Symbol.dispose](): void {
    this.scaler.close();
    this.encoder.close();
  }

  private mustWait(nowMs: number): boolean {
    const [oldest] = this.unstored;
    if (!oldest || this.unstored.length <= 2) return false;
    return this.unstored.length > MAX_UNSTORED || nowMs - oldest.timestampMs > MAX_UNSTORED_MS;
  }

  private async store(made: { index: number; still: Still; jpeg: Buffer; score: number }): Promise<void> {
    const { index, still, jpeg, score } = made;
    const before = this.unstored.at(-1)?.stored;
    const { key } = await this.options.task.putAsset(stillName(index), 'image/jpeg', jpeg);
    await before;
    this.options.list.add(still, { key, score });
  }

  private async score(picture: YuvPicture): Promise<number> {
    if (picture.size.width <= SCORED_WIDTH) return pictureScore(picture);
    using small = await this.scaler.shrink(picture, fitWidth(picture.size, SCORED_WIDTH));
    return pictureScore(small);
  }
}

function resultOf(video: RecordedVideo, list: StillList, frames: FramesPart['frames']): FramesResult {
  const { durationMs, fps, codec, width, height } = video.info;
  return {
    video: { duration_ms: durationMs, fps: fps || null, codec, width, height },
    truncated: video.isTruncated,
    frames,
    thumbnails: { first: list.keyOf(0), best: list.keyOf(list.bestIndex) },
  };
}
