export { FAKE_API_KEY, FakeApi, type Fault, anAssignment } from './peers/fake-api';
export { until } from './peers/until';
export * from './peers/clips';
export * from './peers/http-peer';
export * from './peers/children';
export * from './peers/gst-rtsp';
export * from './peers/nginx-rtmp';
export * from './peers/redis';
