import { z } from 'zod';
import { BoxSchema, Epoch, Id, isStorable, PageQuery, Text, Timestamp, pageOf } from './common';

export const EVENT_TYPES = [
  'face',
  'object',
  'zone',
  'line',
  'hazard',
  'camera.online',
  'camera.offline',
  'worker.online',
  'worker.lost',
  'video.done',
  'video.error',
  'job.stuck',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const TRACK_STATES = ['new', 'update', 'end'] as const;
export const MAX_SNAPSHOT_BYTES = 1_000_000;
/** A vector of this many numbers is the longest that is stored. */
const MAX_EMBEDDING_LENGTH = 4096;
const MAX_FLOAT32 = 3.4e38;

/** Checked in one go: a schema for each of 512 numbers would cost more than all the rest of an event. */
export const Vector = z
  .custom<number[]>(isVector, `must be 1 to ${MAX_EMBEDDING_LENGTH} numbers in single precision`)
  .meta({ type: 'array', items: { type: 'number' }, minItems: 1, maxItems: MAX_EMBEDDING_LENGTH });

function isVector(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= MAX_EMBEDDING_LENGTH &&
    value.every((number) => typeof number === 'number' && Math.abs(number) <= MAX_FLOAT32)
  );
}

const fields = {
  id: Id,
  type: z.enum(EVENT_TYPES),
  cameraId: Id,
  epoch: Epoch,
  occurredAt: Timestamp,
  trackId: Id.optional(),
  state: z.enum(TRACK_STATES).optional(),
  label: z.string().max(200).optional(),
  score: z.number().optional(),
  box: BoxSchema.optional(),
  quality: z.record(z.string(), z.unknown()).optional(),
  embedding: z
    .object({
      model: z.string().max(200),
      version: z.string().max(100),
      vector: Vector,
    })
    .optional(),
  /** A JPEG in base64. */
  snapshot: z.base64().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
};

/** An event as a worker reports it. */
export const WorkerEvent = z.object(fields).superRefine((event, context) => {
  if (!isStorable(event)) context.addIssue({ code: 'custom', message: 'holds text that cannot be stored' });
  if (event.type !== 'face' && event.type !== 'object') return;
  for (const field of ['trackId', 'state', 'score', 'box'] as const) {
    if (event[field] === undefined)
      context.addIssue({ code: 'custom', path: [field], message: `a ${event.type} event bears ${field}` });
  }
});
export type WorkerEvent = z.infer<typeof WorkerEvent>;

/** The batch around the events; each event is parsed on its own, so that a bad one is rejected alone. */
export const EventBatch = z.object({ workerId: Id, events: z.array(z.unknown()).min(1).max(500) });
export type EventBatch = z.infer<typeof EventBatch>;

export const EVENT_REJECTIONS = [
  'VALIDATION_FAILED',
  'STALE_EPOCH',
  'CAMERA_NOT_FOUND',
  'FROM_THE_FUTURE',
  'SNAPSHOT_TOO_LARGE',
] as const;
export type EventRejection = (typeof EVENT_REJECTIONS)[number];

export const EventBatchAnswer = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(
    z.object({ id: z.string(), code: z.enum(EVENT_REJECTIONS), message: z.string().optional() }),
  ),
});
export type EventBatchAnswer = z.infer<typeof EventBatchAnswer>;

/** An event as a reader sees it. */
export const EventView = z.object({
  id: z.string(),
  sequence: z.number().int(),
  type: z.enum(EVENT_TYPES),
  cameraId: z.string().optional(),
  /** As it is called now, or was when it was deleted. */
  cameraName: z.string().optional(),
  /** The recording that it was seen in. */
  videoId: z.string().optional(),
  /** The file's name. */
  videoName: z.string().optional(),
  /** The video of some seconds around it: it is played at `/video/{id}` of the event or of this. */
  clipVideoId: z.string().optional(),
  workerId: z.string().optional(),
  epoch: z.number().int().optional(),
  occurredAt: Timestamp,
  receivedAt: Timestamp,
  trackId: z.string().optional(),
  state: z.enum(TRACK_STATES).optional(),
  label: z.string().optional(),
  score: z.number().optional(),
  box: BoxSchema.optional(),
  quality: z.record(z.string(), z.unknown()).optional(),
  personId: z.string().optional(),
  personName: z.string().optional(),
  personScore: z.number().optional(),
  snapshotUrl: z.string().optional(),
  data: z.record(z.string(), z.unknown()),
});
export type EventView = z.infer<typeof EventView>;
export const EventPage = pageOf(EventView);

export const EVENT_SOURCES = ['camera', 'recording'] as const;

export const EventListQuery = PageQuery.extend({
  after: z.coerce.number().int().min(0).optional(),
  cameraId: Text.max(200).optional(),
  /** In which recording. */
  videoId: Text.max(200).optional(),
  /** Seen by cameras alone, or in recordings alone. */
  source: z.enum(EVENT_SOURCES).optional(),
  type: z.enum(EVENT_TYPES).optional(),
  personId: Text.max(200).optional(),
  label: Text.max(200).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** `visits`: one row a visit, its best event. */
  view: z.enum(['events', 'visits']).default('events'),
});
export type EventListQuery = z.infer<typeof EventListQuery>;
