export * from './models/catalogue';
export { ModelFetchError, type ModelFetchCode } from './models/fetch-error';
export { fetchModels } from './models/fetch-models';
export { fetchNpmFiles, type FetchOptions, type FetchProgress, type NpmFiles } from './models/npm-files';
export { SAMPLE_PHOTOS } from './models/sample-photos';
export { cosine } from './faces/alignment';
export type { FaceDetection } from './faces/detection';
export { faceRegion, type FaceRegion } from './faces/face-region';
export { fitDetector } from './faces/letterbox';
export { type FaceQuality, qualityBound } from './faces/quality';
export type { FaceDescription } from './runtime/jobs';
export { describePicture, type PictureFace } from './runtime/picture-faces';
export { type DescribeRequest, MAX_FACES, startVision, Vision, type VisionTimings } from './runtime/vision';
export { VisionError, type VisionErrorCode } from './runtime/vision-error';
export {
  FaceTracker,
  predictBox,
  type Track,
  type TrackerOptions,
  type Velocity,
} from './tracking/face-tracker';
