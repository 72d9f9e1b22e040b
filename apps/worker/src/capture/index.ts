export * from './camera-session';
export type { Clock } from './clock';
export type { AnalysisDemand } from './demands';
export { OpeningTurns } from './opening-turns';
export * from './source-reader';
export * from './source-registry';
export type { StreamStatus } from './stream-status';
