import { z } from 'zod';
import type { FaceTrackerState } from '@camfleet/vision';
import type { TimedBox } from '../tracks/track-line';
import { BoxState, liveFields, trackerFields, withDetection } from '../tracks/track-state';

const TrackerStateSchema = z
  .object({ nextId: z.int(), tracks: z.array(z.object(trackerFields)) })
  .transform(({ nextId, tracks }): FaceTrackerState => ({ nextId, tracks: tracks.map(withDetection) }));

const Numbers = z.array(z.number()).readonly();
const Best = z.object({
  bestMs: z.int(),
  box: BoxState,
  quality: z.record(z.string(), z.unknown()),
  score: z.number(),
});

const LiveFaceSchema = z.object({
  ...liveFields,
  describedMs: z.int().optional(),
  best: Best.optional(),
  identity: z.object({ weight: z.number(), sum: Numbers.optional(), odd: Numbers.optional() }),
});
export type LiveFaceState = z.infer<typeof LiveFaceSchema>;

/** A track that is over. */
export interface FoundFace {
  trackId: number;
  score: number;
  startMs: number;
  endMs: number;
  boxes: readonly TimedBox[];
  quality: Record<string, unknown>;
  bestMs: number;
  key?: string | undefined;
  embedding?: number[] | undefined;
}

/** All that `FaceTracks` remembers between two frames, as JSON. */
export const FaceTracksState = z.object({
  tracker: TrackerStateSchema,
  live: z.array(LiveFaceSchema),
  /** Gone, and back if they show their face again soon. */
  lost: z.array(LiveFaceSchema),
  nextNumber: z.int(),
});
export type FaceTracksState = z.infer<typeof FaceTracksState>;
