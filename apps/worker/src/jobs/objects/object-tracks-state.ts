import type { ObjectTrackerState } from '@camfleet/vision';
import { z } from 'zod';
import { BoxState, liveFields, TimedBoxes, trackerFields, withDetection } from '../tracks/track-state';

const Coordinate = z.object({
  value: z.number(),
  change: z.number(),
  valueVariance: z.number(),
  covariance: z.number(),
  changeVariance: z.number(),
});

const TrackerStateSchema = z
  .object({
    nextId: z.int(),
    tracks: z.array(
      z.object({
        ...trackerFields,
        label: z.string(),
        labelScores: z.record(z.string(), z.number()),
        motion: z.tuple([Coordinate, Coordinate, Coordinate, Coordinate]).readonly(),
      }),
    ),
  })
  .transform(({ nextId, tracks }): ObjectTrackerState => ({ nextId, tracks: tracks.map(withDetection) }));

const Best = z.object({ offsetMs: z.int(), box: BoxState, score: z.number(), sharpness: z.number() });

const LiveObjectSchema = z.object({ ...liveFields, label: z.string(), best: Best.optional() });
export type LiveObjectState = z.infer<typeof LiveObjectSchema>;

const FoundObjectSchema = z.object({
  trackId: z.int(),
  label: z.string(),
  score: z.number(),
  startMs: z.int(),
  endMs: z.int(),
  boxes: TimedBoxes,
  snapshot: Best.extend({ key: z.string() }).optional(),
});
export type FoundObject = z.infer<typeof FoundObjectSchema>;

/** All that `ObjectTracks` remembers between two frames, as JSON. */
export const ObjectTracksState = z.object({
  tracker: TrackerStateSchema,
  live: z.array(LiveObjectSchema),
  done: z.array(FoundObjectSchema),
  nextNumber: z.int(),
  /** Keys of pictures that better ones took the place of after they were stored. */
  superseded: z.array(z.string()),
});
export type ObjectTracksState = z.infer<typeof ObjectTracksState>;
