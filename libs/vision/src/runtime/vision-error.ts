export type VisionErrorCode =
  | 'MODEL_MISSING'
  | 'MODEL_INVALID'
  | 'VISION_START_FAILED'
  | 'VISION_THREAD_FAILED'
  | 'VISION_JOB_FAILED'
  | 'VISION_BUSY'
  | 'VISION_CLOSED'
  | 'VISION_PICTURE_INVALID';

export class VisionError extends Error {
  override readonly name = 'VisionError';

  constructor(
    readonly code: VisionErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
