import { z } from 'zod';
import { Id, Timestamp } from './common';

/** The largest clip of an event: some seconds of a camera's own packets. */
export const MAX_CLIP_BYTES = 64 * 1024 * 1024;

/** A worker has the clip of an event that the API has. */
export const ClipRequest = z.object({
  workerId: Id,
  /** When its first picture was taken. */
  startedAt: Timestamp,
  sizeBytes: z.number().int().positive().max(MAX_CLIP_BYTES),
});
export type ClipRequest = z.infer<typeof ClipRequest>;

export const ClipUpload = z.object({
  /** Where to put it, as `video/mp4`; null: the API has it already, or wants it no more. */
  uploadUrl: z.string().nullable(),
});
export type ClipUpload = z.infer<typeof ClipUpload>;
