import { STREAM_STATES, VARIANT_WIDTHS } from '@camfleet/domain';
import { Assignment, ModelInfo } from '@camfleet/protocol';
import { ChosenModels } from '@camfleet/vision';
import { z } from 'zod';

const VariantSchema = z.object({ width: z.literal(VARIANT_WIDTHS), overlay: z.boolean() });

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** A variant that has viewers, and the pictures a second that the fastest of them wants. */
const View = z.object({ variant: VariantSchema, fps: z.number() });
export type View = z.infer<typeof View>;

/** One camera as its child sees it; times are on the fleet clock, Unix ms. */
export const CameraStatus = z.object({
  cameraId: z.string(),
  epoch: z.number(),
  state: z.enum(STREAM_STATES),
  reason: z.string().optional(),
  fps: z.number().nullable(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  codec: z.string().nullable(),
  lastFrameAtMs: z.number().nullable(),
  restarts: z.number(),
});
export type CameraStatus = z.infer<typeof CameraStatus>;

/** What a child does on request and answers once. */
export const Task = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('snapshot'), cameraId: z.string() }),
  z.object({ kind: z.literal('probe'), source: Assignment.shape.source }),
  z.object({ kind: z.literal('inspect'), url: z.string() }),
  z.object({ kind: z.literal('embed'), image: Bytes }),
]);
export type Task = z.infer<typeof Task>;

/** From the worker to a decoder child. */
export const ToChild = z.discriminatedUnion('type', [
  /** A camera to run, or new settings or a new epoch of one that runs. */
  z.object({ type: z.literal('assign'), assignment: Assignment }),
  z.object({ type: z.literal('unassign'), cameraId: z.string() }),
  /** Until when (machine clock) all cameras of this child may run, and fleet time minus machine time. */
  z.object({ type: z.literal('lease'), deadlineMs: z.number(), clockOffsetMs: z.number() }),
  /** What has viewers now: nothing else is encoded. */
  z.object({ type: z.literal('watch'), cameraId: z.string(), views: z.array(View) }),
  /** Events cannot be kept: find no more faces until they can. */
  z.object({ type: z.literal('analysis'), paused: z.boolean() }),
  z.object({ type: z.literal('task'), taskId: z.number(), task: Task }),
  z.object({ type: z.literal('ping'), sequence: z.number() }),
  /** Close every camera, end every visit, say `stopped`. */
  z.object({ type: z.literal('stop') }),
]);
export type ToChild = z.infer<typeof ToChild>;

export const TaskError = z.object({ code: z.string(), message: z.string() });

/** What a child tells of itself each second. */
export const ChildFigures = z.object({
  rssBytes: z.number(),
  /** CPU seconds used since the start. */
  cpuSeconds: z.number(),
  /** At the worst since the last pong. */
  eventLoopLagMs: z.number(),
  /** Frames since the start. */
  analysis: z.object({ done: z.number(), late: z.number(), dropped: z.number() }),
  /** Seconds spent in the models since the start. */
  modelSeconds: z.number(),
  /** Seconds in which the inference thread had work: the models, and what comes before and after them. */
  inferenceSeconds: z.number(),
});
export type ChildFigures = z.infer<typeof ChildFigures>;

/** From a decoder child to the worker. */
export const FromChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), models: z.array(ModelInfo) }),
  z.object({ type: z.literal('status'), camera: CameraStatus }),
  /** The camera's source is closed: the worker stops reporting it. */
  z.object({ type: z.literal('released'), cameraId: z.string(), epoch: z.number() }),
  /** The clip of this event is in the folder of clips. */
  z.object({ type: z.literal('clip'), eventId: z.string() }),
  z.object({ type: z.literal('task-done'), taskId: z.number(), value: z.unknown() }),
  z.object({ type: z.literal('task-failed'), taskId: z.number(), error: TaskError }),
  z.object({ type: z.literal('pong'), sequence: z.number(), figures: ChildFigures }),
  z.object({ type: z.literal('stopped') }),
]);
export type FromChild = z.infer<typeof FromChild>;

/** In front of each JPEG on the picture pipe. */
export const PictureHeader = z.object({
  cameraId: z.string(),
  epoch: z.number(),
  variant: VariantSchema,
  /** Capture time, Unix ms. */
  timestampMs: z.number(),
  /** Stands in for a picture while there is none. */
  slate: z.boolean(),
});
export type PictureHeader = z.infer<typeof PictureHeader>;

/** A picture on its way to the worker. */
export const PictureMessage = PictureHeader.extend({
  /** On the machine's clock. */
  sentAtMs: z.number(),
});
export type PictureMessage = z.infer<typeof PictureMessage>;

/** A JPEG answered to a `snapshot` task. */
export const SnapshotAnswer = z.object({ jpeg: Bytes, timestampMs: z.number() });
export type SnapshotAnswer = z.infer<typeof SnapshotAnswer>;

/** What a child is told at its fork, in `CAMFLEET_CHILD`. */
export const ChildSettings = z.object({
  mediaDirectory: z.string().optional(),
  modelsDirectory: z.string(),
  /** Where clips of events are put until the API has them. */
  clipsDirectory: z.string(),
  models: ChosenModels,
});
export type ChildSettings = z.infer<typeof ChildSettings>;

/** The file descriptors of a child beyond the standard ones. */
export const PICTURE_PIPE_FD = 3;
export const EVENT_PIPE_FD = 4;

/** Cameras that one child is made for. */
export const CAMERAS_PER_CHILD = 16;
/** Two blocking calls a camera (open, read) and some for files: fixed when the child is forked. */
export const CHILD_THREADPOOL_SIZE = 2 * CAMERAS_PER_CHILD + 4;
