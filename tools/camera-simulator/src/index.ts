export type { Camera, CameraStatus } from './camera/camera';
export { FAULTS, type Fault } from './camera/fault';
export { type ClipRecipe, encodeClip } from './clip/encode-clip';
export { makeTestClip, type TestClipOptions } from './clip/test-clip';
export {
  type CameraSimulator,
  type CameraSimulatorOptions,
  type SimulatedCamera,
  startCameraSimulator,
} from './simulator';
export type { OnPlay } from './rtsp/connection';
