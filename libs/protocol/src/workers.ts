import {
  ASSIGNMENT_STATES,
  COMMAND_STATES,
  COMMAND_TYPES,
  STREAM_STATES,
  WORKER_STATES,
} from '@camfleet/domain';
import { z } from 'zod';
import { Analysis, Output, Zone } from './cameras';
import { Epoch, Id, Labels, SpokenText, Text, Timestamp, isStorable, pageOf } from './common';
import { SourceSettingsSchema } from './source';

export const Capacity = z.object({
  cameras: z.number().int().min(0),
  pixelsPerSecond: z.number().min(0).optional(),
});
/** How the cosines of different people spread under an embedder: what makes a threshold of a false-match rate. */
export const CalibrationInfo = z.object({
  impostorMean: z.number().min(-1).max(1),
  impostorDeviation: z.number().positive().max(1),
  data: Text.max(2000),
  impostorPairs: z.number().int().min(0).optional(),
  points: z
    .array(z.object({ falseMatchRate: z.number().positive().max(0.5), score: z.number().min(-1).max(1) }))
    .max(100),
});
export const ModelInfo = z.object({
  name: Text,
  version: Text,
  kind: z
    .enum(['face-detector', 'face-landmarks', 'face-embedder', 'object-detector', 'classifier'])
    .optional(),
  calibration: CalibrationInfo.optional(),
  /** What an object detector finds, where that is not COCO's 80 classes. */
  labels: z.array(Text.min(1).max(50)).max(2000).optional(),
});

export const RegisterRequest = z.object({
  workerId: Id,
  instanceId: Id,
  name: Text.min(1).max(200),
  tenantId: Id.default('default'),
  siteId: Id.nullish(),
  publicUrl: z.url().refine(isStorable, 'must be text without NUL characters'),
  labels: Labels.default({}),
  capacity: Capacity,
  models: z.array(ModelInfo).default([]),
  analyses: z.array(Text).default([]),
  hardware: z
    .record(z.string(), z.unknown())
    .refine(isStorable, 'holds text that cannot be stored')
    .optional(),
  version: Text,
});
export type RegisterRequest = z.infer<typeof RegisterRequest>;

export const RegisterAnswer = z.object({
  workerId: z.string(),
  secret: z.string(),
  leaseTtlMs: z.number().int(),
  heartbeatIntervalMs: z.number().int(),
  serverTime: Timestamp,
  apiUrls: z.array(z.string()),
  queue: z.object({ name: z.string() }).nullable(),
});
export type RegisterAnswer = z.infer<typeof RegisterAnswer>;

/** What a camera asks for and cannot get, while its video may stream: a stable code and a plain sentence each. */
export const AnalysisFaults = z.object({ objects: SpokenText.max(1000).optional() });
export type AnalysisFaults = z.infer<typeof AnalysisFaults>;

export const CameraReport = z.object({
  cameraId: Id,
  epoch: Epoch,
  state: z.enum(STREAM_STATES),
  fps: z.number().nullish(),
  lastFrameAt: Timestamp.nullish(),
  reason: SpokenText.max(1000).optional(),
  analysis: AnalysisFaults.optional(),
  width: z.number().int().nullish(),
  height: z.number().int().nullish(),
  codec: SpokenText.nullish(),
  restarts: z.number().int().default(0),
});
export type CameraReport = z.infer<typeof CameraReport>;

export const WorkerLoad = z.object({ cpu: z.number(), memory: z.number() });

export const HeartbeatRequest = z.object({
  instanceId: Id,
  revision: z
    .number()
    .int()
    .max(2 ** 31 - 2),
  load: WorkerLoad,
  cameras: z.array(CameraReport).max(10_000),
  outbox: z.object({
    depth: z.number().int(),
    oldestAt: Timestamp.nullish(),
    lostEvents: z.number().int(),
    lostSnapshots: z.number().int(),
  }),
});
export type HeartbeatRequest = z.infer<typeof HeartbeatRequest>;

export const CommandMessage = z.object({
  commandId: z.string(),
  type: z.enum(COMMAND_TYPES),
  cameraId: z.string().optional(),
  epoch: z.number().int().optional(),
  revision: z.number().int(),
  expiresAt: Timestamp,
});
export type CommandMessage = z.infer<typeof CommandMessage>;

/** One camera that a worker should run. */
export const Assignment = z.object({
  cameraId: z.string(),
  epoch: z.number().int(),
  desired: z.enum(['running', 'standby', 'releasing']),
  /**
   * Of a handover under way: unless this worker is told otherwise before (in fleet time), it closes the camera's
   * source then. Whoever cannot be reached lets go, so that two never pull one camera for longer than one lease.
   */
  handoverEndsAt: Timestamp.optional(),
  source: SourceSettingsSchema,
  analysis: Analysis,
  zones: z.array(Zone),
  output: Output,
});
export type Assignment = z.infer<typeof Assignment>;

export const HeartbeatAnswer = z.object({
  state: z.enum(WORKER_STATES),
  revision: z.number().int(),
  serverTime: Timestamp,
  leaseTtlMs: z.number().int(),
  apiUrls: z.array(z.string()),
  /** The whole list; left out when nothing changed since the request's revision. */
  assignments: z.array(Assignment).optional(),
  commands: z.array(CommandMessage),
});
export type HeartbeatAnswer = z.infer<typeof HeartbeatAnswer>;

export const CommandResultRequest = z.object({
  state: z.enum(['succeeded', 'failed']),
  error: Text.max(2000).optional(),
});
export type CommandResultRequest = z.infer<typeof CommandResultRequest>;

export const CommandView = z.object({
  id: z.string(),
  workerId: z.string(),
  cameraId: z.string().nullable(),
  type: z.enum(COMMAND_TYPES),
  epoch: z.number().int().nullable(),
  state: z.enum(COMMAND_STATES),
  attempts: z.number().int(),
  error: z.string().optional(),
  createdAt: Timestamp,
  deliveredAt: Timestamp.optional(),
  finishedAt: Timestamp.optional(),
});
export type CommandView = z.infer<typeof CommandView>;

export const WorkerView = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(WORKER_STATES),
  /** An operator drained it: it takes no camera, after a restart neither, until it is resumed. */
  drainWanted: z.boolean(),
  siteId: z.string().nullable(),
  labels: Labels,
  load: WorkerLoad.nullable(),
  capacity: Capacity,
  cameras: z.array(
    z.object({
      cameraId: z.string(),
      name: z.string(),
      epoch: z.number().int(),
      state: z.enum(STREAM_STATES),
      /** `standby` and `releasing`: a camera that is being handed over has a row with each of its two workers. */
      assignment: z.enum(ASSIGNMENT_STATES),
    }),
  ),
  models: z.array(ModelInfo),
  analyses: z.array(z.string()),
  /** As the worker described it when it registered. */
  hardware: z.record(z.string(), z.unknown()).nullable(),
  lastHeartbeatAt: Timestamp.nullable(),
  version: z.string(),
});
export type WorkerView = z.infer<typeof WorkerView>;
export const WorkerPage = pageOf(WorkerView);

/** What the server says on a worker's link. */
export const LinkMessage = z.object({ type: z.literal('wake') });

export const StreamingDebug = z.object({
  workers: z.array(
    z.object({
      id: z.string(),
      state: z.enum(WORKER_STATES),
      revision: z.number().int(),
      lastHeartbeatAt: Timestamp.nullable(),
      leaseRemainingMs: z.number().nullable(),
      outbox: z.unknown(),
      wanted: z.array(
        z.object({ cameraId: z.string(), epoch: z.number().int(), state: z.enum(ASSIGNMENT_STATES) }),
      ),
      reported: z.array(CameraReport.extend({ lagMs: z.number().nullable() })),
    }),
  ),
  waiting: z.array(z.object({ cameraId: z.string(), epoch: z.number().int(), reason: z.string() })),
});
export type StreamingDebug = z.infer<typeof StreamingDebug>;
