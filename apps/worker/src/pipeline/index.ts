export * from './face-visits';
export type { VisitEvent } from './track-event';
export { MotionGate } from './motion-gate';
export { ZoneFilter } from './zone-filter';
