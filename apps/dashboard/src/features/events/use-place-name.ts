import { useCameraName } from '../cameras/use-camera-name';
import type { Visit } from './visit';

/** Where a visit was seen: the name of its camera, or of its recording. */
export function usePlaceName(): (visit: Visit) => string {
  const cameraName = useCameraName();
  return ({ videoId, videoName, cameraId, cameraName: formerName }) =>
    videoId === undefined ? cameraName(cameraId, formerName) : (videoName ?? 'a deleted recording');
}
