import {
  PictureScaler,
  RecordedVideo,
  type RecordedVideoInfo,
  type SampledFrame,
  type VideoFrame,
} from '@camfleet/media';
import { z } from 'zod';
import type { AnalysisTask, ResultPart } from '../analysis';
import { ResultParts } from '../result-parts';
import type { RecordedFrame } from './recorded-frame';
import { intervalOf, trackSampling } from './track-params';

/** Of video, between two checkpoints. */
const CHECKPOINT_MS = 2_000;

/** What follows somebody or something through a recording. */
export interface Watcher {
  /** Frame by frame. The frame is gone when it resolves. */
  observe(frame: RecordedFrame): Promise<void>;
  /** What it found for good since it was asked last, as it stands in the raw response. */
  takeFound(): ResultPart;
  /** All else that it remembers, as JSON; what it refers to is stored. */
  state(): Promise<unknown>;
}

interface WatchOptions<Watching extends Watcher, State> {
  task: AnalysisTask;
  /** Which models it rests on: a state that others made is not taken up. */
  model: string;
  /** Of what `Watcher.state` gives: one that another version wrote may not fit, and is not taken up. */
  state: z.ZodType<State>;
  watcher(intervalMs: number, state?: State): Watching;
}

interface Watched<Watching> {
  watcher: Watching;
  /** What it found before the end went with these. */
  parts: ResultParts;
  info: RecordedVideoInfo;
  isTruncated: boolean;
  sampledFrames: number;
}

const Checkpoint = z.object({
  model: z.string(),
  position: z.object({ index: z.int(), timestampMs: z.int() }),
  /** How many hold what was found by then. */
  parts: z.int().min(0),
  state: z.unknown(),
});
type Checkpoint = z.infer<typeof Checkpoint>;

/**
 * Takes a watcher through a recording, frame by frame, from the front or from where an earlier run of the same models
 * stopped; the next frame is decoded while one is looked at. The result is the same, however often it was taken up.
 * @throws SourceError; the signal's reason
 */
export async function watchRecording<Watching extends Watcher, State>(
  options: WatchOptions<Watching, State>,
): Promise<Watched<Watching>> {
  const { task, model } = options;
  const { signal, video } = task;
  const sampling = trackSampling(task.params);
  const earlier = takeUp(options);
  await using recording = await RecordedVideo.open({ ...video, sampling, signal, after: earlier?.position });
  const { info } = recording;
  const watcher = options.watcher(intervalOf(sampling, info), earlier?.state);
  const parts = new ResultParts(task, earlier?.parts);
  const watched = new WatchedFrames({ task, watcher, parts, model, durationMs: info.durationMs });
  const lastIndex = await watched.all(recording.frames(), earlier?.position);
  return { watcher, parts, info, isTruncated: recording.isTruncated, sampledFrames: lastIndex + 1 };
}

function takeUp<Watching extends Watcher, State>({ task, model, state }: WatchOptions<Watching, State>) {
  const left = Checkpoint.extend({ model: z.literal(model), state }).safeParse(task.checkpoint);
  return left.success ? left.data : undefined;
}

class WatchedFrames {
  private checkpointMs = 0;

  constructor(
    private readonly options: {
      task: AnalysisTask;
      watcher: Watcher;
      parts: ResultParts;
      model: string;
      durationMs: number;
    },
  ) {}

  /** @returns the index of the last frame; -1 when there was none */
  async all(
    frames: AsyncGenerator<SampledFrame, void, void>,
    after: Checkpoint['position'] | undefined,
  ): Promise<number> {
    this.checkpointMs = after?.timestampMs ?? 0;
    let lastIndex = after?.index ?? -1;
    let coming = frames.next();
    try {
      for (;;) {
        const { value } = await coming;
        if (!value) return lastIndex;
        const { index, timestampMs } = value;
        const picture = value.picture.retain();
        coming = frames.next();
        // A failure is met when it is its turn.
        coming.catch(() => undefined);
        try {
          await this.options.watcher.observe(recordedFrame(picture, timestampMs));
        } finally {
          picture.release();
        }
        lastIndex = index;
        await this.report({ index, timestampMs });
      }
    } finally {
      await coming.catch(() => undefined);
      await frames.return();
    }
  }

  private async report(position: Checkpoint['position']): Promise<void> {
    const { task, watcher, parts, model, durationMs } = this.options;
    task.signal.throwIfAborted();
    const { timestampMs } = position;
    const progress = durationMs > 0 ? Math.min(1, timestampMs / durationMs) : 0;
    if (timestampMs - this.checkpointMs < CHECKPOINT_MS) return task.report({ progress, timestampMs });
    this.checkpointMs = timestampMs;
    await parts.send(watcher.takeFound());
    const checkpoint: Checkpoint = { model, position, parts: parts.count, state: await watcher.state() };
    return task.report({ progress, timestampMs, checkpoint: () => checkpoint });
  }
}

function recordedFrame(picture: VideoFrame, timestampMs: number): RecordedFrame {
  return {
    timestampMs,
    size: picture.display,
    cutRegion: async (rect, size) => {
      const scaler = new PictureScaler();
      try {
        return await scaler.cutRegion(picture, rect, size);
      } finally {
        scaler.close();
      }
    },
  };
}
