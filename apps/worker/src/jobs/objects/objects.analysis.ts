import { ensureObjectModel, fitInput, startVision, type Vision } from '@camfleet/vision';
import type { ObjectsPart, ObjectsResult } from '@camfleet/protocol';
import { z } from 'zod';
import { FAINT_SHARE, USUAL_CLASSES } from '../../pipeline';
import type { Analysis, AnalysisResult, AnalysisTask, AnalysisTools } from '../analysis';
import type { RecordedFrame } from '../tracks/recorded-frame';
import { snapshotPrefix } from '../tracks/track-params';
import { type Watcher, watchRecording } from '../tracks/watch-recording';
import { type FoundObject, type FoundObjects, ObjectTracksState } from './object-tracks-state';
import { ObjectTracks, type ObjectTracksOptions } from './object-tracks';
import { SceneCuts, SceneCutsState } from './scene-cuts';

const ObjectsState = z.object({ tracks: ObjectTracksState, cuts: SceneCutsState.optional() });
type ObjectsState = z.infer<typeof ObjectsState>;

/** `objects`: what comes and goes in a recording, each thing as a track with one best picture. */
export function objectsAnalysis(tools: AnalysisTools): Analysis {
  return { type: 'objects', run: (task) => run(tools, task) };
}

async function run(
  { modelsDirectory, models, modelsBaseUrl }: AnalysisTools,
  task: AnalysisTask,
): Promise<AnalysisResult> {
  const prefix = snapshotPrefix(task.params);
  const { signal } = task;
  await ensureObjectModel({ models, directory: modelsDirectory, baseUrl: modelsBaseUrl, signal });
  await using vision = await startVision({ modelsDirectory, models });
  const { name, version } = models.objectDetector;
  const { watcher, parts, isTruncated, sampledFrames } = await watchRecording({
    task,
    model: `${name}@${version}`,
    state: ObjectsState,
    watcher: (intervalMs, state) => {
      const store: ObjectTracksOptions['store'] = async ({ trackId, offsetMs, jpeg }) => {
        const file = `${prefix}_${digits(trackId)}_${digits(offsetMs)}.jpg`;
        return (await task.putAsset(file, 'image/jpeg', jpeg)).key;
      };
      const sureScore = vision.objects.minScore;
      const tracks = new ObjectTracks({ intervalMs, sureScore, store }, state?.tracks);
      return new ObjectWatcher(vision, tracks, new SceneCuts(state?.cuts));
    },
  });
  const rest = await parts.rest(toPart(await watcher.tracks.end()));
  const rawResponse: ObjectsResult = { truncated: isTruncated, tracks: [], superseded_keys: [], ...rest };
  const metadata = { sampled_frames: sampledFrames };
  return { rawResponse, parts: parts.count, model: name, version, metadata };
}

class ObjectWatcher implements Watcher {
  constructor(
    private readonly vision: Vision,
    readonly tracks: ObjectTracks,
    private readonly cuts: SceneCuts,
  ) {}

  async observe(frame: RecordedFrame): Promise<void> {
    const { objects } = this.vision;
    const picture = await frame.cutRegion({ x: 0, y: 0, ...frame.size }, fitInput(frame.size, objects.input));
    if (this.cuts.isCut(picture)) await this.tracks.cut();
    const wanted = { labels: USUAL_CLASSES, minScore: FAINT_SHARE * objects.minScore };
    await this.tracks.observe(await this.vision.detectObjects(picture, wanted), frame);
  }

  takeFound() {
    return toPart(this.tracks.takeFound());
  }

  async state(): Promise<ObjectsState> {
    return { tracks: await this.tracks.state(), cuts: this.cuts.state };
  }
}

/** Six at least; more after 16 min 40 s. */
const digits = (value: number) => String(value).padStart(6, '0');

function toPart({ tracks, superseded }: FoundObjects) {
  return { tracks: tracks.map(toRaw), superseded_keys: superseded } satisfies ObjectsPart;
}

function toRaw({
  trackId,
  label,
  score,
  startMs,
  endMs,
  boxes,
  snapshot,
}: FoundObject): ObjectsResult['tracks'][number] {
  return {
    track_id: trackId,
    label,
    score,
    start_ms: startMs,
    end_ms: endMs,
    boxes: boxes.map(({ timestampMs, box }) => ({ timestamp_ms: timestampMs, box: [...box] })),
    ...(snapshot && {
      snapshot: {
        key: snapshot.key,
        offset_ms: snapshot.offsetMs,
        box: [...snapshot.box],
        score: snapshot.score,
        sharpness: snapshot.sharpness,
      },
    }),
  };
}
