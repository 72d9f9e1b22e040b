import { z } from 'zod';
import { PageQuery, Text, Timestamp, pageOf } from './common';
import { CameraCode, VideoJob, WorkspaceCode } from './videos';

/** Lower-case and of any version: those who send us messages make up their own. */
const LowerCaseUuid = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'must be a lower-case UUID');

/** `{prefix}/{workspaceId}/{videoId}/raw/{file}`: a key, the bucket is known. */
const RAW_KEY_PATTERN = /^[^/].*\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/raw\/(?!\.{1,2}$)[^/]+$/;
/** `s3://{bucket}/{prefix}/{workspaceId}/{videoId}/snapshots/CTX####_CAM#_{track6}_{offset6}.jpg`; numbers may be longer. */
const SNAPSHOT_URI_PATTERN =
  /^s3:\/\/[^/]+\/.+\/[0-9a-f-]{36}\/[0-9a-f-]{36}\/snapshots\/CTX\d{4,}_CAM\d+_\d{6,}_\d{6,}\.jpg$/;

/** «Analyse this video»: all that has to be known is in it. */
export const ProcessVideoMessage = z.object({
  event: z.literal('PROCESS_VIDEO'),
  video_id: LowerCaseUuid,
  workspace_id: LowerCaseUuid,
  workspace_code: WorkspaceCode,
  camera_code: CameraCode,
  s3_key_raw: Text.max(1000)
    .regex(RAW_KEY_PATTERN, 'must look like prefix/workspace/video/raw/file')
    .refine((key) => !/\p{Cc}/u.test(key), 'holds control characters'),
  /** Every n-th frame is looked at. */
  frame_stride: z.int().min(1).max(10_000),
  recordedAt: Timestamp.nullish(),
});
export type ProcessVideoMessage = z.infer<typeof ProcessVideoMessage>;

/** The same, and the database says the rest. */
export const ProcessVideoDbMessage = z.object({
  event: z.literal('PROCESS_VIDEO_DB'),
  video_id: LowerCaseUuid,
  workspace_id: LowerCaseUuid,
});
export type ProcessVideoDbMessage = z.infer<typeof ProcessVideoDbMessage>;

/** What comes by queue: fields that nobody knows are ignored, so that a sender may be newer. */
export const IncomingMessage = z.discriminatedUnion('event', [ProcessVideoMessage, ProcessVideoDbMessage]);
export type IncomingMessage = z.infer<typeof IncomingMessage>;

/** What comes by `POST /api/messages`, where a field that nobody knows is somebody's typing error. */
export const PostMessageRequest = z.discriminatedUnion('event', [
  ProcessVideoMessage.strict(),
  ProcessVideoDbMessage.strict(),
]);

export const PostMessageAnswer = z.object({ videoId: z.string(), jobs: z.array(VideoJob) });

/** The kinds of vehicles that receivers of `SNAPSHOT_READY` know. */
export const YOLO_TYPES = [
  'Car',
  'SUV',
  'Van',
  'LightTruck',
  'Utility',
  'Motorcycle',
  'CarouselBus',
  'E-Jeepney',
] as const;
export const YoloType = z.enum(YOLO_TYPES);
export type YoloType = z.infer<typeof YoloType>;

/** «There is a picture of a vehicle»: one a track. */
export const SnapshotReadyMessage = z.strictObject({
  event: z.literal('SNAPSHOT_READY'),
  video_id: LowerCaseUuid,
  workspace_id: LowerCaseUuid,
  workspace_code: WorkspaceCode,
  camera_code: CameraCode,
  track_id: z.int().min(0),
  snapshot_s3_key: z.string().regex(SNAPSHOT_URI_PATTERN),
  recordedAt: Timestamp.nullable(),
  /** Milliseconds from the first frame. */
  detectedIn: z.int().min(0),
  /** `recordedAt` + `detectedIn`. */
  detectedAt: Timestamp.nullable(),
  yolo_type: YoloType,
});
export type SnapshotReadyMessage = z.infer<typeof SnapshotReadyMessage>;

/** A message of ours: a row first, and sent from there. */
export const OutgoingMessage = z.object({
  id: z.string(),
  body: z.record(z.string(), z.unknown()),
  state: z.enum(['pending', 'sent']),
  attempts: z.int(),
  lastError: z.string().optional(),
  createdAt: Timestamp,
  sentAt: Timestamp.nullable(),
});
export type OutgoingMessage = z.infer<typeof OutgoingMessage>;
export const OutgoingMessagePage = pageOf(OutgoingMessage);

export const OutgoingMessageQuery = PageQuery.extend({
  state: z.enum(['pending', 'sent']).optional(),
  videoId: LowerCaseUuid.optional(),
});
export type OutgoingMessageQuery = z.infer<typeof OutgoingMessageQuery>;

/** A message that nothing could be done with, and why. */
export const DeadMessage = z.object({
  /** In its queue. */
  id: z.string(),
  body: z.string(),
  reason: z.string(),
});
export type DeadMessage = z.infer<typeof DeadMessage>;
export const DeadMessagePage = pageOf(DeadMessage);

/** Whose dead letters: of `PROCESS_VIDEO`, or of `SNAPSHOT_READY`. */
export const QueueQuery = z.strictObject({
  queue: z.enum(['video-tasks', 'snapshot-tasks']).default('video-tasks'),
});
export type QueueQuery = z.infer<typeof QueueQuery>;
export const DeadMessageQuery = PageQuery.extend(QueueQuery.shape);
export type DeadMessageQuery = z.infer<typeof DeadMessageQuery>;

/** Which dead letters; nothing named: all of the caller's. */
export const RedriveMessagesRequest = z.strictObject({
  ids: z.array(Text.min(1).max(200)).min(1).max(500).optional(),
});
export type RedriveMessagesRequest = z.infer<typeof RedriveMessagesRequest>;
export const RedriveMessagesAnswer = z.object({ redriven: z.int() });
