import { z } from 'zod';
import { BoxSchema, PageQuery, pageOf, Text } from './common';
import { Vector } from './events';

/** What detectors of objects call what they find, unless somebody brought a model of their own. */
export { COCO_CLASSES } from '@camfleet/domain';

/** From the first frame, whole milliseconds. */
const Milliseconds = z.int().min(0);
const TrackId = z.int().min(1);
const AssetKey = Text.min(1).max(1024);
const Score = z.number().min(0).max(1);
/** As {@link BoxSchema}; what is nearly outside may lie a little beyond the frame. */
const TimedBoxes = z.array(z.object({ timestamp_ms: Milliseconds, box: BoxSchema }));
/** The video ended before it said it would: this is what there was until then. */
const Truncated = z.boolean().default(false);

const trackFields = {
  /** Counts from 1, in the order in which they were sure to be tracks. */
  track_id: TrackId,
  score: Score,
  start_ms: Milliseconds,
  end_ms: Milliseconds,
  /** Between two of them the track moved evenly. */
  boxes: TimedBoxes,
};

const FoundFrames = z.array(
  z.object({
    index: z.int().min(0),
    timestamp_ms: Milliseconds,
    width: z.int().min(1),
    height: z.int().min(1),
    key: AssetKey,
  }),
);

/** The `raw_response` of the analysis `frames`. */
export const FramesResult = z.object({
  video: z.object({
    duration_ms: Milliseconds,
    fps: z.number().min(0).nullable(),
    codec: Text.max(50),
    width: z.int().min(1),
    height: z.int().min(1),
  }),
  truncated: Truncated,
  frames: FoundFrames,
  thumbnails: z.object({ first: AssetKey, best: AssetKey }).partial().default({}),
});
export type FramesResult = z.infer<typeof FramesResult>;
/** A part of it that is sent before the rest; so are `ObjectsPart` and `FacesPart`. */
export const FramesPart = z.strictObject({ frames: FoundFrames });
export type FramesPart = z.infer<typeof FramesPart>;

const objectsFound = {
  tracks: z.array(
    z.object({
      ...trackFields,
      label: Text.min(1).max(200),
      /** 640 x 640 JPEG of its best frame. */
      snapshot: z
        .object({
          key: AssetKey,
          offset_ms: Milliseconds,
          box: BoxSchema,
          score: Score,
          sharpness: z.number().min(0),
        })
        .optional(),
    }),
  ),
  /** Stored on the way and not needed any more: they are deleted. */
  superseded_keys: z.array(AssetKey).default([]),
};

/** The `raw_response` of the analysis `objects`. */
export const ObjectsResult = z.object({ truncated: Truncated, ...objectsFound });
export type ObjectsResult = z.infer<typeof ObjectsResult>;
export const ObjectsPart = z.strictObject({ ...objectsFound, tracks: objectsFound.tracks.default([]) });
export type ObjectsPart = z.infer<typeof ObjectsPart>;

const facesFound = {
  tracks: z.array(
    z.object({
      ...trackFields,
      /** Of its best picture: `score` 0 to 1, and what it is made of. */
      quality: z.record(z.string(), z.unknown()),
      best_ms: Milliseconds,
      /** JPEG of its best picture. */
      key: AssetKey.optional(),
      /** The mean of its pictures, weighted by quality; none of a face that was too small or too blurred. */
      embedding: z.object({ model: Text.max(200), version: Text.max(100), vector: Vector }).optional(),
    }),
  ),
};

/** The `raw_response` of the analysis `faces`. */
export const FacesResult = z.object({ truncated: Truncated, ...facesFound });
export type FacesResult = z.infer<typeof FacesResult>;
export const FacesPart = z.strictObject(facesFound);
export type FacesPart = z.infer<typeof FacesPart>;

export const FrameView = z.object({
  index: z.int(),
  timestampMs: z.int(),
  width: z.int(),
  height: z.int(),
  /** Presigned. */
  url: z.string(),
});
export type FrameView = z.infer<typeof FrameView>;
export const FramePage = pageOf(FrameView);

export const TRACK_ANALYSES = ['objects', 'faces'] as const;

export const TrackView = z.object({
  trackId: z.int(),
  analysis: z.enum(TRACK_ANALYSES),
  label: z.string(),
  score: z.number(),
  startMs: z.int(),
  endMs: z.int(),
  /** Left out with `?boxes=false`. */
  boxes: z.array(z.object({ timestampMs: z.int(), box: BoxSchema })).optional(),
  /** Its events' `trackId`. */
  eventTrackId: z.string(),
  /** Of a face; gone with the person when they are erased. */
  snapshotUrl: z.string().optional(),
  personId: z.string().optional(),
  personName: z.string().optional(),
});
export type TrackView = z.infer<typeof TrackView>;
export const TrackPage = pageOf(TrackView);

export const TrackListQuery = PageQuery.extend({
  analysis: z.enum(TRACK_ANALYSES).optional(),
  boxes: z
    .enum(['true', 'false'])
    .default('true')
    .transform((value) => value === 'true'),
  /** Only tracks that were there at some time from then… */
  fromMs: z.coerce.number().int().min(0).optional(),
  /** …to then, each with the boxes in between, the one before and the one after: a player asks for what it shows. */
  toMs: z.coerce.number().int().min(0).optional(),
});
export type TrackListQuery = z.infer<typeof TrackListQuery>;

export const SnapshotView = z.object({
  key: z.string(),
  /** Presigned. */
  url: z.string(),
  trackId: z.int(),
  offsetMs: z.int(),
  label: z.string(),
  score: z.number(),
  box: BoxSchema,
});
export type SnapshotView = z.infer<typeof SnapshotView>;
export const SnapshotPage = pageOf(SnapshotView);
