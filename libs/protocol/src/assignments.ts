import { ASSIGNMENT_STATES } from '@camfleet/domain';
import { z } from 'zod';
import { PageQuery, Timestamp, pageOf } from './common';

/** One time that a worker had a camera. */
export const AssignmentView = z.object({
  epoch: z.number().int(),
  workerId: z.string(),
  workerName: z.string(),
  state: z.enum(ASSIGNMENT_STATES),
  /** Why it ended: a stable code (`WORKER_LOST`), perhaps with a plain sentence behind it. */
  reason: z.string().optional(),
  createdAt: Timestamp,
  endedAt: Timestamp.optional(),
});
export type AssignmentView = z.infer<typeof AssignmentView>;

/** Newest first. */
export const AssignmentPage = pageOf(AssignmentView);
export const AssignmentListQuery = PageQuery;

/** A worker lost a camera, by the fleet's own doing: stopping a camera is no move. */
export const MoveView = z.object({
  cameraId: z.string(),
  cameraName: z.string(),
  /** The one that ended. */
  epoch: z.number().int(),
  workerId: z.string(),
  workerName: z.string(),
  reason: z.string(),
  endedAt: Timestamp,
  /** Who had it next, and since when: before `endedAt` when it was handed over. Absent while it waits. */
  next: z.object({ workerId: z.string(), workerName: z.string(), createdAt: Timestamp }).optional(),
});
export type MoveView = z.infer<typeof MoveView>;

/** Newest first. */
export const MovePage = pageOf(MoveView);
export const MoveListQuery = PageQuery;
