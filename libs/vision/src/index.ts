export {
  BUILT_IN_MODELS,
  CatalogueError,
  chooseModels,
  ChosenModels,
  DEFAULT_MODELS,
  type ModelChoice,
  readCatalogue,
} from './models/catalogue';
export type { Classification } from './classification/classification';
export { readClassifiers } from './classification/classifier-file';
export { Classifiers, type VariantClassification } from './classification/classifiers';
// For tests that make a model of their own.
export { encodeOnnx } from './convert/onnx-file';
export { type CatalogueEntry, ClassifierEntry } from './models/entry';
export { ModelFetchError, type ModelFetchCode } from './models/fetch-error';
export { fetchModels } from './models/fetch-models';
export { ensureObjectModel } from './models/object-model';
export { fetchNpmFiles, type FetchOptions, type FetchProgress, type NpmFiles } from './models/fetch-files';
export { SAMPLE_PHOTOS } from './models/sample-photos';
export type { FaceDetection } from './faces/detection';
export { faceRegion, type FaceRegion } from './faces/face-region';
export type { FivePoints } from './faces/five-points';
export { mergeTileDetections, planTiles, type TileDetections } from './faces/tiles';
export { qualityBound, sharpnessOf } from './faces/quality';
export type { ObjectDetection } from './objects/object-detection';
export { fitInput } from './pictures/letterbox';
export { sampleRegion } from './pictures/sample-region';
export { prepareClassifiers, prepareModels } from './runtime/check-models';
export type { FaceDescription, ObjectsWanted } from './runtime/jobs';
export { describePicture, type PictureFace } from './runtime/picture-faces';
export {
  describeModels,
  type DescribeRequest,
  MAX_FACES,
  startVision,
  Vision,
  type VisionTimings,
} from './runtime/vision';
export { VisionError, type VisionErrorCode } from './runtime/vision-error';
export { type CrossingDirection, LineCrossing } from './tracking/line-crossing';
export {
  type ObjectTrack,
  ObjectTracker,
  type ObjectTrackerOptions,
  type ObjectTrackerState,
} from './tracking/object-tracker';
export { footPoint, isInside } from './tracking/polygon';
export { type ZoneChange, ZoneMembership, type ZoneOptions } from './tracking/zone-membership';
export { FaceTracker, type FaceTrackerState } from './tracking/face-tracker';
export { predictBox, type Track, type TrackerOptions, type Velocity } from './tracking/track';
