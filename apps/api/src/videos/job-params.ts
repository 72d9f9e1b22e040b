import type { ProcessRequest, VideoJobParams } from '@camfleet/protocol';

type SamplingRequest = Pick<ProcessRequest, 'sampling' | 'sampleFps' | 'frameStride'>;
type SamplingParams = Pick<VideoJobParams, 'sampling' | 'sample_fps' | 'frame_stride'>;

/** A recording that names no camera was taken by this one. */
export const DEFAULT_CAMERA_CODE = 'CAM1';
const DEFAULT_FPS = 1;
const DEFAULT_STRIDE = 3;

/** How each analysis samples where nobody says: faces pass quickly, thumbnails need little. */
const DEFAULT_SAMPLING: Record<string, SamplingParams> = {
  frames: { sampling: 'fps', sample_fps: DEFAULT_FPS },
  faces: { sampling: 'fps', sample_fps: 5 },
  objects: { sampling: 'stride', frame_stride: DEFAULT_STRIDE },
};

/** What a job of a video is told. */
export function jobParams(
  analysis: string,
  request: SamplingRequest,
  about: { workspaceCode: string; cameraCode: string; recordedAt: string | null },
): VideoJobParams {
  return {
    ...samplingOf(analysis, request),
    workspace_code: about.workspaceCode,
    camera_code: about.cameraCode,
    recorded_at: about.recordedAt && new Date(about.recordedAt).toISOString(),
  };
}

function samplingOf(analysis: string, { sampling, sampleFps, frameStride }: SamplingRequest): SamplingParams {
  const wanted =
    sampling ?? (frameStride !== undefined ? 'stride' : sampleFps !== undefined ? 'fps' : undefined);
  switch (wanted) {
    case undefined:
      return DEFAULT_SAMPLING[analysis] ?? { sampling: 'fps', sample_fps: DEFAULT_FPS };
    case 'stride':
      return { sampling: 'stride', frame_stride: frameStride ?? DEFAULT_STRIDE };
    case 'keyframes':
      return { sampling: 'keyframes' };
    case 'fps':
    case 'adaptive':
      return { sampling: wanted, sample_fps: sampleFps ?? DEFAULT_FPS };
  }
}
