import { JOB_STATES } from '@camfleet/domain';
import { z } from 'zod';
import { Id, isStorable, PageQuery, pageOf, SpokenText, Text, Timestamp } from './common';

export const MAX_LEASE_SECONDS = 3_600;
/** A claim waits for a job at most this long. */
export const MAX_CLAIM_WAIT_SECONDS = 60;

/** What is to be done: `frames`, `objects`, `faces`, `classification`, or whatever a worker of somebody's does. */
export const AnalysisType = Text.min(1).max(100);
const JobId = z.int().min(1);
const Storable = z.unknown().refine(isStorable, 'holds text that cannot be stored');
const Settings = z.record(z.string(), z.unknown()).refine(isStorable, 'holds text that cannot be stored');
const LeaseSeconds = z.int().min(1).max(MAX_LEASE_SECONDS);

/** Who says so, and under which lease. Without its token, the worker must hold a lease that has not ended. */
const held = { worker_id: Id, job_id: JobId, lease_token: Text.max(100).nullish() };

export const ClaimRequest = z.object({
  worker_id: Id,
  max_jobs: z.int().min(1).max(100).default(1),
  lease_seconds: LeaseSeconds,
  /** None: any that this worker can do. */
  analysis_types: z.array(AnalysisType).min(1).max(100).nullish(),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

export const ClaimQuery = z.object({
  /** Seconds to wait for a job when there is none now. */
  wait: z.coerce.number().min(0).max(MAX_CLAIM_WAIT_SECONDS).default(0),
});

export const ClaimedJob = z.object({
  job_id: JobId,
  event_id: z.string(),
  analysis_type: z.string(),
  /** From 1. */
  attempt_count: z.int(),
  lease_token: z.string(),
  leased_until: Timestamp,
  /** Takes `Range`; asks for no key until it ends, some time after the lease. */
  video_url: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** As the last heartbeat of an earlier attempt left it. */
  checkpoint: z.unknown().optional(),
  /** W3C trace context of the video's way: a worker's spans may go on there, and its result may name one as a header. */
  traceparent: z.string().optional(),
});
export type ClaimedJob = z.infer<typeof ClaimedJob>;
export const ClaimAnswer = z.object({ jobs: z.array(ClaimedJob) });
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

export const JobHeartbeat = z.object({
  ...held,
  lease_seconds: LeaseSeconds,
  /** 0 to 1. */
  progress: z.number().min(0).max(1).nullish(),
  /** Whatever the next worker needs to go on from here; it takes the older one's place. */
  checkpoint: Storable.optional(),
});
export type JobHeartbeat = z.infer<typeof JobHeartbeat>;
export const JobHeartbeatAnswer = z.object({ leased_until: Timestamp });

/** Parts that one run may send. */
const MAX_PARTS = 100_000;

/** A piece of a result that is sent before the rest: arrays, which stand before those of the same names in it. */
export const JobPart = z.object({
  ...held,
  /** From 0. The same again takes its place. */
  index: z
    .int()
    .min(0)
    .max(MAX_PARTS - 1),
  /** Of `frames`, `objects` and `faces`: the arrays of their schemas. */
  raw_response: z
    .record(Text.max(200), z.array(z.unknown()))
    .refine(isStorable, 'holds text that cannot be stored'),
});
export type JobPart = z.infer<typeof JobPart>;

export const JobResult = z.object({
  ...held,
  event_id: Id,
  analysis_type: AnalysisType,
  duration_ms: z.number().min(0).max(1e12).nullish(),
  /** `frames`, `objects` and `faces` have schemas of their own; what does not fit is refused with 422 and is a failed attempt. */
  raw_response: Storable,
  /** How many parts stand before `raw_response`: those from 0 on. None: it says all. */
  parts: z.int().min(0).max(MAX_PARTS).nullish(),
  model: Text.min(1).max(200),
  version: Text.min(1).max(100),
  /** The worker's own, of whatever it wants to tell apart. */
  hash: Text.max(200).nullish(),
  metadata: Settings.nullish(),
});
export type JobResult = z.infer<typeof JobResult>;

const MAX_ERROR_LENGTH = 4_000;
export const JobFailure = z.object({
  ...held,
  error: SpokenText.transform((text) => text.slice(0, MAX_ERROR_LENGTH)),
  /** False: no further attempt can do better, the job is dead at once. */
  retry: z.boolean().default(true),
  /** True: given back, since the worker stops. It counts as no attempt and may be claimed at once. */
  release: z.boolean().default(false),
});
export type JobFailure = z.infer<typeof JobFailure>;
export const JobFailureAnswer = z.object({
  state: z.enum(JOB_STATES),
  next_retry_at: Timestamp.nullable(),
});
export type JobFailureAnswer = z.infer<typeof JobFailureAnswer>;

/** `frames/000012.jpg`: folders and a name, each of letters, digits, `_`, `-` and `.`. */
export const AssetName = z
  .string()
  .max(200)
  .regex(/^(?:[\w-][\w.-]*\/){0,4}[\w-][\w.-]*$/, 'must be a name of letters, digits, "_", "-", "." and "/"')
  // On some disks RAW and raw are one folder.
  .refine((name) => !/^raw(\/|$)/i.test(name), 'must not lie where the video itself does');

export const AssetsRequest = z.object({
  ...held,
  files: z
    .array(
      z.object({
        name: AssetName,
        content_type: Text.min(1).max(200),
        size_bytes: z
          .int()
          .min(1)
          .max(100 * 1024 * 1024),
      }),
    )
    .min(1)
    .max(500),
});
export type AssetsRequest = z.infer<typeof AssetsRequest>;
export const AssetsAnswer = z.object({
  /** Each is to be PUT with its `Content-Type`. The same name gives the same key. */
  uploads: z.array(z.object({ name: z.string(), key: z.string(), upload_url: z.string() })),
});
export type AssetsAnswer = z.infer<typeof AssetsAnswer>;

export const EnqueueTestRequest = z.object({
  /** UTC. */
  date: z.iso.date(),
  limit: z.int().min(1).max(500),
  analysis_type: AnalysisType.default('yolo_boxes'),
});
export type EnqueueTestRequest = z.infer<typeof EnqueueTestRequest>;
export const EnqueueTestAnswer = z.object({ enqueued: z.int() });

export const ResultsQuery = PageQuery.extend({
  event_id: Text.max(200).optional(),
  analysis_type: Text.max(100).optional(),
});
export type ResultsQuery = z.infer<typeof ResultsQuery>;

export const StoredResult = z.object({
  job_id: JobId,
  event_id: z.string(),
  analysis_type: z.string(),
  worker_id: z.string(),
  model: z.string(),
  version: z.string(),
  hash: z.string().nullable(),
  duration_ms: z.number().nullable(),
  /** With what its parts said, where all of it is not more than 16 MiB. */
  raw_response: z.unknown(),
  /** How many parts were left out of `raw_response`: what they told is listed with the video alone. */
  parts_left_out: z.int().optional(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: Timestamp,
});
export type StoredResult = z.infer<typeof StoredResult>;
export const ResultPage = pageOf(StoredResult);

/** A job as users see it. */
export const JobView = z.object({
  id: JobId,
  eventId: z.string(),
  videoId: z.string().nullable(),
  /** What the video is called. */
  videoName: z.string().optional(),
  analysisType: z.string(),
  state: z.enum(JOB_STATES),
  /** Grows by one each time it is asked for with other parameters. */
  run: z.int(),
  attemptCount: z.int(),
  maxAttempts: z.int(),
  /** 0 to 1. */
  progress: z.number(),
  lockedBy: z.string().nullable(),
  lockedAt: Timestamp.nullable(),
  leasedUntil: Timestamp.nullable(),
  /** Why the last attempt of this run that failed did; it stays when a later one succeeds. */
  lastError: z.string().nullable(),
  nextRetryAt: Timestamp.nullable(),
  params: z.record(z.string(), z.unknown()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  finishedAt: Timestamp.nullable(),
});
export type JobView = z.infer<typeof JobView>;
export const JobPage = pageOf(JobView);

export const JobListQuery = PageQuery.extend({
  state: z.enum(JOB_STATES).optional(),
  type: Text.max(100).optional(),
  eventId: Text.max(200).optional(),
});
export type JobListQuery = z.infer<typeof JobListQuery>;

/** Which dead jobs; nothing named: all of the tenant's. */
export const RedriveRequest = z.strictObject({ type: Text.max(100).optional() });
export type RedriveRequest = z.infer<typeof RedriveRequest>;
export const RedriveAnswer = z.object({ redriven: z.int() });

/** `GET /api/jobs/counts`: how many jobs the tenant has, a row for each type and state that there is. */
export const JobCounts = z.object({
  items: z.array(
    z.object({
      analysisType: z.string(),
      state: z.enum(JOB_STATES),
      count: z.int(),
      /** Of them those that nobody works on although they are due: their lease has ended, or they wait too long. */
      stuck: z.int(),
    }),
  ),
});
export type JobCounts = z.infer<typeof JobCounts>;
