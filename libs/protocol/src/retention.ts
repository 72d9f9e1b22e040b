import { z } from 'zod';

/** What is kept for a time of its own. */
export const RETENTION_KINDS = ['uploads', 'frames', 'snapshots', 'events'] as const;
export type RetentionKind = (typeof RETENTION_KINDS)[number];

/** Days; null: until somebody deletes it. */
const Days = z.int().min(1).max(36_500).nullable();

/** For how long things are kept, by kind. */
export const RetentionRules = z.object({
  /** Recorded videos, with all that was found in them. */
  uploads: Days,
  /** Frames that were taken out of recorded videos. */
  frames: Days,
  /** Pictures and clips of events, and the pictures of tracks in recorded videos. */
  snapshots: Days,
  /** Events, with their pictures and the visits that they make up. */
  events: Days,
});
export type RetentionRules = z.infer<typeof RetentionRules>;

export const ChangeRetentionRequest = z.strictObject(RetentionRules.partial().shape);
export type ChangeRetentionRequest = z.infer<typeof ChangeRetentionRequest>;

export const RetentionRunRequest = z.strictObject({
  /** Only count what would go. */
  dryRun: z.boolean().default(false),
});
export type RetentionRunRequest = z.infer<typeof RetentionRunRequest>;

/** How many of each kind went, or would go. */
export const RetentionReport = z.object({
  dryRun: z.boolean(),
  uploads: z.int(),
  frames: z.int(),
  snapshots: z.int(),
  events: z.int(),
});
export type RetentionReport = z.infer<typeof RetentionReport>;
