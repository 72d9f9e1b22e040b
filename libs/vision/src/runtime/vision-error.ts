import type { CatalogueEntry } from '../models/entry';

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

/** A file that is not the model that its entry promises. */
export function modelRefused(
  { id }: CatalogueEntry,
  path: string,
  { expected, found }: { expected: string; found: string },
): VisionError {
  const text = `The model ${id} (${path}) is refused: expected ${expected}, found ${found}.`;
  return new VisionError('MODEL_INVALID', text);
}
