export * from './face-visits';
export type { VisitEvent } from './visit-event';
