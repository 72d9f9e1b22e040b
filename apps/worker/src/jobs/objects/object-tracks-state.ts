import type { ObjectTrackerState } from '@camfleet/vision';
import { z } from 'zod';
import type { TimedBox } from '../tracks/track-line';
import { BoxState, liveFields, trackerFields, withDetection } from '../tracks/track-state';

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
        sureHits: z.int(),
        firstBox: BoxState,
        isEvident: z.boolean(),
        glimpses: z.array(z.object({ timestampMs: z.number(), label: z.string(), score: z.number() })),
        motion: z.tuple([Coordinate, Coordinate, Coordinate, Coordinate]).readonly(),
      }),
    ),
  })
  .transform(({ nextId, tracks }): ObjectTrackerState => ({ nextId, tracks: tracks.map(withDetection) }));

const Best = z.object({ offsetMs: z.int(), box: BoxState, score: z.number(), sharpness: z.number() });

const Glimpse = z.object({ timestampMs: z.int(), box: BoxState, score: z.number(), label: z.string() });

const LiveObjectSchema = z.object({
  ...liveFields,
  label: z.string(),
  /** Its sightings that show more than a limb. */
  bodies: z.int(),
  best: Best.optional(),
  /** Until the tracker has confirmed it, all that is known: its sightings, as far back as the tracker counts them. */
  glimpses: z.array(Glimpse),
});
export type LiveObjectState = z.infer<typeof LiveObjectSchema>;

/** A track that has ended. */
export interface FoundObject {
  trackId: number;
  label: string;
  score: number;
  startMs: number;
  endMs: number;
  boxes: readonly TimedBox[];
  snapshot?: (z.infer<typeof Best> & { key: string }) | undefined;
}

/** What is over: it is told, and not remembered. */
export interface FoundObjects {
  tracks: FoundObject[];
  /** Keys of pictures that better ones took the place of after they were stored. */
  superseded: string[];
}

/** All that `ObjectTracks` remembers between two frames, as JSON. */
export const ObjectTracksState = z.object({
  tracker: TrackerStateSchema,
  live: z.array(LiveObjectSchema),
  nextNumber: z.int(),
});
export type ObjectTracksState = z.infer<typeof ObjectTracksState>;
