import type { FacesPart, FacesResult } from '@camfleet/protocol';
import { startVision, type Vision } from '@camfleet/vision';
import { findFaces } from '../../pipeline';
import type { Analysis, AnalysisResult, AnalysisTask, AnalysisTools } from '../analysis';
import type { RecordedFrame } from '../tracks/recorded-frame';
import { type Watcher, watchRecording } from '../tracks/watch-recording';
import { FaceTracks, type FaceTracksOptions } from './face-tracks';
import { type FoundFace, FaceTracksState } from './face-tracks-state';

/** `faces`: who is seen in a recording, each as a track with what they look like. */
export function facesAnalysis(tools: AnalysisTools): Analysis {
  return { type: 'faces', run: (task) => run(tools, task) };
}

async function run({ modelsDirectory, models }: AnalysisTools, task: AnalysisTask): Promise<AnalysisResult> {
  await using vision = await startVision({ modelsDirectory, models });
  const { model, version } = vision.embedder;
  const { faceDetector } = models;
  const { watcher, parts, isTruncated, sampledFrames } = await watchRecording({
    task,
    model: `${faceDetector.name}@${faceDetector.version} ${model}@${version}`,
    state: FaceTracksState,
    watcher: (intervalMs, state) => {
      const options: FaceTracksOptions = {
        intervalMs,
        samePersonScore: vision.samePersonScore,
        describe: (requests) => vision.describeFaces(requests),
        store: async ({ trackId, jpeg }) =>
          (await task.putAsset(`faces/${String(trackId).padStart(6, '0')}.jpg`, 'image/jpeg', jpeg)).key,
      };
      return new FaceWatcher(vision, new FaceTracks(options, state));
    },
  });
  const rest = await parts.rest(toPart(await watcher.tracks.end(), vision));
  const rawResponse: FacesResult = { truncated: isTruncated, tracks: [], ...rest };
  const metadata = { sampled_frames: sampledFrames };
  return { rawResponse, parts: parts.count, model, version, metadata };
}

class FaceWatcher implements Watcher {
  constructor(
    private readonly vision: Vision,
    readonly tracks: FaceTracks,
  ) {}

  async observe(frame: RecordedFrame): Promise<void> {
    const area = { x: 0, y: 0, ...frame.size };
    const faces = await findFaces(frame, { vision: this.vision, area, minFaceHeightPx: 0 });
    await this.tracks.observe(faces, frame);
  }

  takeFound() {
    return toPart(this.tracks.takeFound(), this.vision);
  }

  state(): Promise<FaceTracksState> {
    return this.tracks.state();
  }
}

function toPart(found: readonly FoundFace[], { embedder }: Vision) {
  return { tracks: found.map((face) => toRaw(face, embedder)) } satisfies FacesPart;
}

function toRaw(
  { trackId, score, startMs, endMs, boxes, quality, bestMs, key, embedding }: FoundFace,
  embedder: Vision['embedder'],
): FacesResult['tracks'][number] {
  return {
    track_id: trackId,
    score,
    start_ms: startMs,
    end_ms: endMs,
    boxes: boxes.map(({ timestampMs, box }) => ({ timestamp_ms: timestampMs, box: [...box] })),
    quality,
    best_ms: bestMs,
    ...(key !== undefined && { key }),
    ...(embedding && { embedding: { ...embedder, vector: embedding } }),
  };
}
