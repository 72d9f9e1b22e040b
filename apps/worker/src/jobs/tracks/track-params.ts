import type { RecordedVideoInfo, Sampling } from '@camfleet/media';
import { z } from 'zod';
import type { JobParams } from '../analysis';
import { samplingOf } from '../sampling-params';

/** At 30 pictures a second, ten looks: enough to follow a cyclist across the picture. */
const DEFAULT_STRIDE = 3;
/** Of a video that claims none. */
const USUAL_FPS = 25;
const USUAL_KEYFRAME_MS = 2_000;

const Codes = z.object({ workspace_code: z.string().nullish(), camera_code: z.string().nullish() });

/** What names of snapshots begin with. @throws ZodError */
export function snapshotPrefix(params: JobParams): string {
  const { workspace_code: workspace, camera_code: camera } = Codes.parse(params);
  return `snapshots/${workspace ?? 'CTX0000'}_${camera ?? 'CAM0'}`;
}

/** Each third frame where the job does not say. @throws ZodError */
export function trackSampling(params: JobParams): Sampling {
  const stride = { kind: 'stride', stride: DEFAULT_STRIDE } as const;
  return samplingOf({ ...params, frame_stride: params.frame_stride ?? DEFAULT_STRIDE }, stride);
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
