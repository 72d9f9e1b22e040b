import { CamfleetError } from '@camfleet/domain';

export function videoNotFound(): CamfleetError {
  return new CamfleetError('VIDEO_NOT_FOUND', 'There is no such video.');
}
