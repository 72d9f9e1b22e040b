// For tests of rooms that have no codec.
export { decodeImage } from '@camfleet/media';
export * from './fleet/process-fleet';
export * from './network/network';
export { FAKE_API_KEY, FakeApi, type Fault, anAssignment } from './peers/fake-api';
export { until } from './peers/until';
export * from './peers/clips';
export { FakeJobs, sendFile } from './peers/fake-jobs';
export * from './peers/http-peer';
export * from './peers/children';
export * from './peers/gst-rtsp';
export * from './peers/mjpeg-camera';
export * from './peers/nginx-rtmp';
export * from './peers/redis';
export * from './peers/s3';
export * from './peers/sqs';
export * from './program/process-tree';
export * from './program/program';
export { decodePhoto } from './decode-photo';
