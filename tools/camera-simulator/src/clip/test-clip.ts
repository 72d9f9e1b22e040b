import { encodeClip } from './encode-clip';

export interface TestClipOptions {
  path: string;
  width?: number;
  height?: number;
  fps?: number;
  durationSeconds?: number;
  /** Default: one each second. */
  keyframeEveryFrames?: number;
}

/** Makes a moving test picture with time and frame number drawn in. Default 640×360, 15 fps, 4 s. */
export async function makeTestClip({
  path,
  width = 640,
  height = 360,
  fps = 15,
  durationSeconds = 4,
  keyframeEveryFrames = fps,
}: TestClipOptions): Promise<void> {
  const filters = `testsrc2=size=${width}x${height}:rate=${fps}:duration=${durationSeconds}`;
  await encodeClip(path, { filters, width, height, fps, keyframeEveryFrames });
}
