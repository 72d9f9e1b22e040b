import type { RgbImage } from '@camfleet/domain';
import type { FaceDetection } from '../faces/detection';
import { faceRegion } from '../faces/face-region';
import { sampleRegion } from '../pictures/sample-region';
import type { FaceDescription } from './jobs';
import { MAX_FACES, type Vision } from './vision';

export type PictureFace = FaceDetection & FaceDescription;

/** All that is known of the faces in one photo, best first, at most `MAX_FACES`; every one has an embedding. */
export async function describePicture(vision: Vision, picture: RgbImage): Promise<PictureFace[]> {
  const detections = (await vision.detectFaces(picture)).slice(0, MAX_FACES);
  const requests = detections.map(({ box, points }) => {
    const region = faceRegion(box, picture, points);
    const { rect, side } = region;
    return { region, pixels: sampleRegion(picture, rect, { width: side, height: side }), embedFromScore: 0 };
  });
  const descriptions = await vision.describeFaces(requests);
  return detections.flatMap((detection, index) => {
    const description = descriptions[index];
    return description ? [{ ...detection, ...description }] : [];
  });
}
