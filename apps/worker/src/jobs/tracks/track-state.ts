import { BoxSchema } from '@camfleet/protocol';
import { z } from 'zod';
import { TrackLineState } from './track-line';

export const BoxState = BoxSchema.readonly();

/** Of every tracker's tracks. */
export const trackerFields = {
  id: z.int(),
  state: z.enum(['tentative', 'confirmed', 'lost', 'ended']),
  box: BoxState,
  velocity: z.tuple([z.number(), z.number()]).readonly(),
  score: z.number(),
  detection: z.int().optional(),
  firstSeenMs: z.number(),
  lastSeenMs: z.number(),
  hits: z.int(),
};

/** Of every live track. */
export const liveFields = {
  /** The tracker's. */
  id: z.int(),
  /** Its `track_id`, once it counts. */
  number: z.int().optional(),
  hits: z.int(),
  /** The sum over its sightings. */
  scores: z.number(),
  startMs: z.int(),
  endMs: z.int(),
  line: TrackLineState,
  /** Where its best picture is stored; before it counts, the picture itself, in base64. */
  key: z.string().optional(),
  jpeg: z.string().optional(),
};

/** JSON leaves out what is undefined. */
export function withDetection<Track extends { detection?: number }>(track: Track) {
  return { ...track, detection: track.detection };
}
