import { z } from 'zod';
import { BoxSchema } from './common';
import { SourceSettingsSchema } from './source';

/** The requests that the API sends to a worker's own, signed server. */
export const WorkerProbeRequest = z.object({ source: SourceSettingsSchema });
export type WorkerProbeRequest = z.infer<typeof WorkerProbeRequest>;

/** `/inspect`: what is this file? A `file:` inside the worker's media folder, or http(s), read by ranges. */
export const InspectRequest = z.object({ url: z.string().max(4096) });
export const InspectResult = z.object({
  container: z.string(),
  codec: z.string(),
  /** Upright, of the first picture; 0 when there is none. */
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number().nullable(),
  durationMs: z.number().nullable(),
  /** When a player shows the first picture; only looked for behind http(s). */
  firstPictureMs: z.number().optional(),
  /** Not looked for behind http(s). */
  hasAudio: z.boolean().optional(),
});
export type InspectResult = z.infer<typeof InspectResult>;

/** The picture of one face that `/embed` answers. */
export const MAX_CROP_BYTES = 200_000;

/** `/embed`: a JPEG, PNG or WebP in the body. */
export const EmbedResult = z.object({
  width: z.number().int(),
  height: z.number().int(),
  faces: z.array(
    z.object({
      box: BoxSchema,
      score: z.number(),
      quality: z.record(z.string(), z.unknown()),
      embedding: z.object({ model: z.string(), version: z.string(), vector: z.array(z.number()) }),
      /** Head and shoulders: a JPEG in base64, at most {@link MAX_CROP_BYTES}. */
      crop: z.base64().optional(),
    }),
  ),
});
export type EmbedResult = z.infer<typeof EmbedResult>;
