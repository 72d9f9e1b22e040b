import { z } from 'zod';
import { PageQuery, Text, Timestamp, pageOf } from './common';

export const VIDEO_STATUSES = ['uploaded', 'queued', 'processing', 'done', 'error'] as const;
export type VideoStatus = (typeof VIDEO_STATUSES)[number];

/** What a video can be looked through for. */
export const VIDEO_ANALYSES = ['frames', 'faces', 'objects'] as const;
export type VideoAnalysis = (typeof VIDEO_ANALYSES)[number];
/** The type of the jobs that look at pictures which others found. */
export const CLASSIFICATION = 'classification';

export const SAMPLINGS = ['fps', 'stride', 'keyframes', 'adaptive'] as const;
export type Sampling = (typeof SAMPLINGS)[number];

/** The largest file that is taken at all; a tenant's quota may say less. */
export const MAX_VIDEO_BYTES = 64 * 1024 ** 3;

export const WorkspaceCode = z.string().regex(/^CTX\d{4,12}$/, 'must look like CTX1001');
export const CameraCode = z.string().regex(/^CAM\d{1,12}$/, 'must look like CAM1');

/** A job of a video, as its page shows it. */
export const VideoJob = z.object({
  id: z.number().int(),
  analysisType: z.string(),
  state: z.enum(['queued', 'leased', 'done', 'dead']),
  attemptCount: z.number().int(),
  /** 0 to 1. */
  progress: z.number(),
  lastError: z.string().nullable(),
});
export type VideoJob = z.infer<typeof VideoJob>;

export const Video = z.object({
  /** A UUID. */
  id: z.string(),
  workspaceId: z.string(),
  fileName: z.string(),
  status: z.enum(VIDEO_STATUSES),
  /** 0 to 1: of all its jobs. */
  progress: z.number(),
  /** What a worker found in it; null before one has looked. */
  durationMs: z.number().nullable(),
  fps: z.number().nullable(),
  codec: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  /** When a player shows the first picture, from which the times of frames and tracks count: sound may begin before it. */
  firstPictureMs: z.number(),
  /** The file ends in the middle: what was found is what it had. Known once an analysis came to that end. */
  truncated: z.boolean(),
  sizeBytes: z.number().int(),
  thumbnailUrl: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  jobs: z.array(VideoJob),
  /** The event whose clip this is, under which its jobs stand; absent: somebody's recording. */
  eventId: z.string().optional(),
  recordedAt: Timestamp.optional(),
  createdAt: Timestamp,
});
export type Video = z.infer<typeof Video>;
export const VideoPage = pageOf(Video);

export const VideoListQuery = PageQuery.extend({ status: z.enum(VIDEO_STATUSES).optional() });
export type VideoListQuery = z.infer<typeof VideoListQuery>;

export const VideoLogEntry = z.object({
  at: Timestamp,
  level: z.enum(['info', 'warn', 'error']),
  event: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type VideoLogEntry = z.infer<typeof VideoLogEntry>;
export const VideoLogPage = pageOf(VideoLogEntry);

/** As its owner calls it: any text; the name under which it is kept is made from it. */
export const VideoFileName = Text.min(1).max(1_000);

/** What an upload may ask for: it is queued as soon as the file was looked at, whether anybody still waits or not. */
export const WantedAnalyses = z.array(z.enum(VIDEO_ANALYSES)).max(VIDEO_ANALYSES.length);

/** The same where only text can be sent, in a form or a tus upload's metadata: `frames,faces`. */
export const WantedAnalysesText = z
  .string()
  .max(200)
  .transform((text) => text.split(',').filter((name) => name !== ''))
  .pipe(WantedAnalyses);

export const PresignRequest = z.strictObject({
  fileName: VideoFileName,
  sizeBytes: z.number().int().min(1),
  contentType: Text.min(1).max(200).default('video/mp4'),
  recordedAt: Timestamp.optional(),
  analyses: WantedAnalyses.optional(),
});
export type PresignRequest = z.infer<typeof PresignRequest>;

export const PresignAnswer = z.object({
  videoId: z.string(),
  /** The whole file goes there by one PUT, with the content type that was announced. */
  uploadUrl: z.string(),
  key: z.string(),
  expiresAt: Timestamp,
});
export type PresignAnswer = z.infer<typeof PresignAnswer>;

export const ProcessRequest = z.strictObject({
  analyses: z.array(z.enum(VIDEO_ANALYSES)).min(1).max(VIDEO_ANALYSES.length),
  sampling: z.enum(SAMPLINGS).optional(),
  sampleFps: z.number().min(0.01).max(60).optional(),
  frameStride: z.int().min(1).max(10_000).optional(),
  workspaceCode: WorkspaceCode.optional(),
  cameraCode: CameraCode.optional(),
  recordedAt: Timestamp.optional(),
});
export type ProcessRequest = z.infer<typeof ProcessRequest>;

export const ProcessAnswer = z.object({ jobs: z.array(VideoJob) });
export type ProcessAnswer = z.infer<typeof ProcessAnswer>;

/** What jobs of a video are told: `params` of the vision protocol. */
export const VideoJobParams = z.object({
  sampling: z.enum(SAMPLINGS),
  sample_fps: z.number().optional(),
  frame_stride: z.number().int().optional(),
  workspace_code: z.string(),
  camera_code: z.string(),
  recorded_at: Timestamp.nullable(),
});
export type VideoJobParams = z.infer<typeof VideoJobParams>;

/** What a tenant's videos take, and may. */
export const Quota = z.object({
  bytes: z.object({
    used: z.number().int(),
    limit: z.number().int(),
    /** What may still come: what is left of the limit, or on the disk where that is less. */
    room: z.number().int(),
  }),
  /** In the last 24 hours. */
  videosPerDay: z.object({ used: z.number().int(), limit: z.number().int() }),
});
export type Quota = z.infer<typeof Quota>;

/** `null`: the default again. */
export const UpdateQuota = z.strictObject({
  bytes: z.int().min(0).nullable().optional(),
  videosPerDay: z.int().min(0).max(1_000_000).nullable().optional(),
});
export type UpdateQuota = z.infer<typeof UpdateQuota>;
