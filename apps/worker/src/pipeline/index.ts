export * from './face-visits';
export { findFaces } from './find-faces';
export type { VisitEvent } from './track-event';
export { FACE_SNAPSHOT_MARGIN } from './visit-event';
export { FAINT_SHARE, ObjectVisits } from './object-visits';
export { USUAL_CLASSES } from './usual-classes';
export { MotionGate } from './motion-gate';
export { ZoneFilter } from './zone-filter';
export { ZoneWatch } from './zone-watch';
