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
