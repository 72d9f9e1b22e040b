import { z } from 'zod';
import { pageOf } from './common';

export const IMAGE_ANALYSIS_STATUSES = ['queued', 'processing', 'done', 'error'] as const;

/** A colour that a classifier saw; null where it cannot tell. */
export const SeenColour = z.object({
  finish: z.string().nullable(),
  base: z.string(),
  lightness: z.string().nullable(),
  /** 0 to 1. */
  conf: z.number(),
});
export type SeenColour = z.infer<typeof SeenColour>;

/** What one variant of the classifiers says of a snapshot; confidences 0 to 1. */
export const ImageAnalysisResultView = z.object({
  variant: z.string(),
  type: z.string().nullable(),
  typeConf: z.number().nullable(),
  make: z.string().nullable(),
  makeConf: z.number().nullable(),
  model: z.string().nullable(),
  modelConf: z.number().nullable(),
  /** Surest first. */
  colors: z.array(SeenColour),
  plate: z.object({ text: z.string(), conf: z.number() }).nullable(),
  classifier: z.string(),
  classifierVersion: z.string(),
  latencyMs: z.number(),
});
export type ImageAnalysisResultView = z.infer<typeof ImageAnalysisResultView>;

/** `GET /api/videos/{id}/analyses`: the second stage, a row a snapshot. */
export const ImageAnalysisView = z.object({
  id: z.string(),
  /** Of the snapshot. */
  key: z.string(),
  /** Presigned. */
  url: z.string(),
  trackId: z.number().int(),
  yoloType: z.string(),
  status: z.enum(IMAGE_ANALYSIS_STATUSES),
  error: z.string().nullable(),
  /** One a variant, by its name. */
  results: z.array(ImageAnalysisResultView),
});
export type ImageAnalysisView = z.infer<typeof ImageAnalysisView>;
export const ImageAnalysisPage = pageOf(ImageAnalysisView);
