import type { Sampling } from '@camfleet/media';
import { z } from 'zod';
import type { JobParams } from './analysis';

/** Beyond 60 a second every frame is meant: `stride` 1. */
const MAX_SAMPLE_FPS = 60;
const MAX_STRIDE = 100_000;
/** A person who comes in at the far end of a room changes the small picture by as much. */
const MOTION_THRESHOLD = 0.01;

const Params = z.object({
  sampling: z.enum(['fps', 'stride', 'keyframes', 'adaptive']).nullish(),
  sample_fps: z.number().positive().max(MAX_SAMPLE_FPS).nullish(),
  frame_stride: z.int().min(1).max(MAX_STRIDE).nullish(),
  motion_threshold: z.number().min(0).max(1).nullish(),
});

/**
 * Which frames a job wants, from its `params`. Who names a stride and nothing else means it.
 * @throws ZodError
 */
export function samplingOf(params: JobParams, otherwise: Sampling): Sampling {
  const { sampling, sample_fps, frame_stride, motion_threshold } = Params.parse(params);
  const kind = sampling ?? (sample_fps ? 'fps' : frame_stride ? 'stride' : undefined);
  switch (kind) {
    case 'fps':
      return { kind, fps: sample_fps ?? 1 };
    case 'stride':
      return { kind, stride: frame_stride ?? 1 };
    case 'keyframes':
      return { kind };
    case 'adaptive':
      return { kind, fps: sample_fps ?? 1, motionThreshold: motion_threshold ?? MOTION_THRESHOLD };
    case undefined:
      return otherwise;
  }
}
