import { ChosenModels, ClassifierEntry } from '@camfleet/vision';
import { z } from 'zod';

/** What a job child is told at its fork, in `CAMFLEET_JOB_CHILD`. */
export const JobChildSettings = z.object({
  modelsDirectory: z.string(),
  models: ChosenModels,
  classifiers: z.array(ClassifierEntry),
  modelsBaseUrl: z.string().optional(),
});
export type JobChildSettings = z.infer<typeof JobChildSettings>;

/** A job as its child sees it: without key, lease or token. */
const JobOrder = z.object({
  jobId: z.number(),
  analysisType: z.string(),
  videoUrl: z.string(),
  params: z.record(z.string(), z.unknown()),
  checkpoint: z.unknown().optional(),
});
export type JobOrder = z.infer<typeof JobOrder>;

const Upload = z.object({ name: z.string(), key: z.string(), url: z.string() });
export type Upload = z.infer<typeof Upload>;

/** From the worker to a job child. */
export const ToJobChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), job: JobOrder }),
  /** The lease is lost, or the worker stops. */
  z.object({ type: z.literal('abort') }),
  /** The API has the checkpoint of this place in the video. */
  z.object({ type: z.literal('saved'), timestampMs: z.number() }),
  /** Where the files of a request go; none: they cannot be stored. */
  z.object({ type: z.literal('uploads'), requestId: z.number(), uploads: z.array(Upload).optional() }),
  /** False: the API will not have it. */
  z.object({ type: z.literal('part'), requestId: z.number(), isStored: z.boolean() }),
  z.object({ type: z.literal('ping') }),
]);
export type ToJobChild = z.infer<typeof ToJobChild>;

const AssetFile = z.object({ name: z.string(), contentType: z.string(), sizeBytes: z.number() });
export type AssetFile = z.infer<typeof AssetFile>;

const JobOutcome = z.discriminatedUnion('state', [
  z.object({
    state: z.literal('done'),
    result: z.object({
      rawResponse: z.unknown(),
      model: z.string(),
      version: z.string(),
      parts: z.int().optional(),
      metadata: z.record(z.string(), z.unknown()),
    }),
  }),
  /** `retry`: another attempt may do better. */
  z.object({ state: z.literal('failed'), error: z.string(), retry: z.boolean() }),
]);
export type JobOutcome = z.infer<typeof JobOutcome>;

/** From a job child to the worker. */
export const FromJobChild = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({
    type: z.literal('progress'),
    progress: z.number(),
    timestampMs: z.number(),
    checkpoint: z.unknown().optional(),
  }),
  z.object({ type: z.literal('assets'), requestId: z.number(), files: z.array(AssetFile) }),
  z.object({
    type: z.literal('part'),
    requestId: z.number(),
    index: z.int(),
    part: z.record(z.string(), z.array(z.unknown())),
  }),
  z.object({ type: z.literal('finished'), outcome: JobOutcome }),
  /** `steps`: grows while the analysis goes on. */
  z.object({ type: z.literal('pong'), rssBytes: z.number(), steps: z.number() }),
]);
export type FromJobChild = z.infer<typeof FromJobChild>;
