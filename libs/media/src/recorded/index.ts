export type { RecordedLimits, RecordedVideoOptions } from './picture-stream';
export * from './recorded-video';
export * from './sampled-frame';
export * from './sampling';
