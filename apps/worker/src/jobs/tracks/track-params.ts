import { SAMPLINGS } from '@camfleet/protocol';
import type { RecordedVideoInfo, Sampling } from '@camfleet/media';
import { z } from 'zod';
import type { JobParams } from '../analysis';

/** Fewer frames than this lose whoever walks briskly. */
const DEFAULT_FPS = 5;
const DEFAULT_STRIDE = 3;
const ADAPTIVE_FPS = 1;
/** Somebody who walks through a tenth of the picture. */
const MOTION_THRESHOLD = 0.01;
/** Of a video that claims none. */
const USUAL_FPS = 25;
const USUAL_KEYFRAME_MS = 2_000;

export const TrackParams = z.object({
  sampling: z.enum(SAMPLINGS).default('stride'),
  sample_fps: z.number().min(0.01).max(60).optional(),
  frame_stride: z.int().min(1).optional(),
  /** Names of snapshots begin with these two. */
  workspace_code: z.string().default('CTX0000'),
  camera_code: z.string().default('CAM0'),
});
export type TrackParams = z.infer<typeof TrackParams>;

/** Jobs of others may ask for less: what they leave out has a usual value. @throws what Zod throws */
export function trackParams(params: JobParams): TrackParams {
  const given = Object.entries(params).filter(([, value]) => value !== null);
  return TrackParams.parse(Object.fromEntries(given));
}

export function samplingOf({ sampling, sample_fps, frame_stride }: TrackParams): Sampling {
  switch (sampling) {
    case 'fps':
      return { kind: 'fps', fps: sample_fps ?? DEFAULT_FPS };
    case 'stride':
      return { kind: 'stride', stride: frame_stride ?? DEFAULT_STRIDE };
    case 'keyframes':
      return { kind: 'keyframes' };
    case 'adaptive':
      return { kind: 'adaptive', fps: sample_fps ?? ADAPTIVE_FPS, motionThreshold: MOTION_THRESHOLD };
  }
}

/** Between two sampled frames, as a rule. */
export function intervalOf(sampling: Sampling, { fps }: Pick<RecordedVideoInfo, 'fps'>): number {
  switch (sampling.kind) {
    case 'stride':
      return (sampling.stride * 1000) / (fps || USUAL_FPS);
    case 'keyframes':
      return USUAL_KEYFRAME_MS;
    case 'fps':
    case 'adaptive':
      return 1000 / sampling.fps;
  }
}
