export * from './face-visits';
export type { VisitEvent } from './track-event';
export { FACE_SNAPSHOT_MARGIN } from './visit-event';
export { FAINT_SHARE, ObjectVisits } from './object-visits';
export { MotionGate } from './motion-gate';
export { ZoneFilter } from './zone-filter';
export { ZoneWatch } from './zone-watch';
