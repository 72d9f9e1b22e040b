export * from './camera-session';
export type { Clock } from './clock';
export type { AnalysisDemand, ViewDemand } from './demands';
export type { FullFrame } from './full-frame';
export { slateJpeg, type SlateJpegOptions } from './slate-jpeg';
export * from './source-reader';
export * from './source-registry';
export type { Still } from './still-keeper';
export type { StreamReason, StreamStatus } from './stream-status';
