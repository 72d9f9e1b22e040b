import type { Fleet } from '../fleet/fleet';
import { coreUse, processTree } from '../measure/processes';
import { modelCpuSeconds } from '../measure/model-time';
import { pauseSeconds } from '../measure/pause';
import { FfmpegReference } from '../reference/ffmpeg';
import { workerFeed, watchFeed } from '../viewing/feed';

export const WINDOW_SECONDS = 10;
/** Start-up is not measured. */
export const SETTLE_SECONDS = 4;

export interface WorkerWindow {
  /** Percent of a core: all processes of the worker. */
  all: number;
  parent: number;
  children: number;
  /** In the models alone. */
  models: number;
  viewerFps: number;
}

export interface WorkerWindowOptions {
  fleet: Fleet;
  cameraId: string;
  /** Of the one viewer's feed; undefined: nobody watches. */
  viewerQuery?: string;
}

/** Starts the camera, lets it settle, measures the worker, stops it. */
export async function workerWindow({
  fleet,
  cameraId,
  viewerQuery,
}: WorkerWindowOptions): Promise<WorkerWindow> {
  await fleet.api.startStream(cameraId);
  await fleet.api.untilState(cameraId, 'streaming');
  let pictures = 0;
  const viewer =
    viewerQuery === undefined
      ? undefined
      : watchFeed(await workerFeed(fleet, cameraId, viewerQuery), () => (pictures += 1));
  try {
    await pauseSeconds(SETTLE_SECONDS);
    const picturesBefore = pictures;
    const pids = processTree(fleet.worker.pid);
    let use = new Map<number, number>();
    const modelSeconds = await modelCpuSeconds(
      { url: fleet.worker.url, children: pids.slice(1) },
      async () => {
        use = await coreUse(pids, () => pauseSeconds(WINDOW_SECONDS));
      },
    );
    const viewerFps = (pictures - picturesBefore) / WINDOW_SECONDS;
    const models = (100 * modelSeconds) / WINDOW_SECONDS;
    const all = [...use.values()].reduce((sum, share) => sum + share, 0);
    const parent = use.get(fleet.worker.pid) ?? 0;
    return { all, parent, children: all - parent, models, viewerFps };
  } finally {
    viewer?.[Symbol.dispose]();
    await fleet.api.stopStream(cameraId);
  }
}

/** Percent of a core that a plain ffmpeg takes for this work. */
export async function ffmpegWindow(url: string, work: readonly string[]): Promise<number> {
  await using reference = new FfmpegReference(url, work);
  await pauseSeconds(SETTLE_SECONDS);
  const use = await coreUse([reference.pid], () => pauseSeconds(WINDOW_SECONDS));
  reference.checkAlive();
  return use.get(reference.pid) ?? 0;
}
