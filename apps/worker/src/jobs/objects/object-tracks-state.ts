import { BoxSchema } from '@camfleet/protocol';
import type { ObjectTrackerState } from '@camfleet/vision';
import { z } from 'zod';

const BoxState = BoxSchema.readonly();
const TimedBoxes = z.array(z.object({ timestampMs: z.int(), box: BoxState })).readonly();

export const TrackLineSchema = z.object({ kept: TimedBoxes, waiting: TimedBoxes });

/** The fields of every tracker's tracks. */
export const trackStateFields = {
  id: z.int(),
  state: z.enum(['tentative', 'confirmed', 'lost', 'ended']),
  box: BoxState,
  velocity: z.tuple([z.number(), z.number()]),
  score: z.number(),
  detection: z.int().optional(),
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
  hits: z.int(),
};

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
        ...trackStateFields,
        label: z.string(),
        labelScores: z.record(z.string(), z.number()),
        motion: z.tuple([Coordinate, Coordinate, Coordinate, Coordinate]),
      }),
    ),
  })
  .transform(
    ({ nextId, tracks }): ObjectTrackerState => ({
      nextId,
      tracks: tracks.map(({ detection, ...track }) => ({ ...track, detection })),
    }),
  );

const Best = z.object({ offsetMs: z.int(), box: BoxState, score: z.number(), sharpness: z.number() });

const LiveTrackSchema = z.object({
  /** The tracker's. */
  id: z.int(),
  /** Its `track_id`, once it counts. */
  number: z.int().optional(),
  label: z.string(),
  hits: z.int(),
  /** The sum over its sightings. */
  scores: z.number(),
  startMs: z.int(),
  endMs: z.int(),
  line: TrackLineSchema,
  best: Best.optional(),
  /** Where its best picture is stored; before it counts, the picture itself, in base64. */
  key: z.string().optional(),
  jpeg: z.string().optional(),
});
export type LiveTrackState = z.infer<typeof LiveTrackSchema>;

const FoundTrackSchema = z.object({
  trackId: z.int(),
  label: z.string(),
  score: z.number(),
  startMs: z.int(),
  endMs: z.int(),
  boxes: TimedBoxes,
  snapshot: Best.extend({ key: z.string() }).optional(),
});
export type FoundTrack = z.infer<typeof FoundTrackSchema>;

/** All that `ObjectTracks` remembers between two frames, as JSON. */
export const ObjectTracksStateSchema = z.object({
  tracker: TrackerStateSchema,
  live: z.array(LiveTrackSchema),
  done: z.array(FoundTrackSchema),
  nextNumber: z.int(),
});
export type ObjectTracksState = z.infer<typeof ObjectTracksStateSchema>;
