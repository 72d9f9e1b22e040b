import { z } from 'zod';
import { Text } from './common';

const Conf = z.number().min(0).max(1);
const Classified = z
  .object({ label: Text.min(1).max(200), conf: Conf })
  .nullable()
  .default(null);
const Colour = z.object({
  finish: z.enum(['Matte', 'Metallic']).nullable(),
  base: Text.min(1).max(200),
  lightness: Text.max(200).nullable(),
  conf: Conf,
});
const Plate = z.object({ text: Text.min(1).max(50), conf: Conf });
/** One to three; none where the classifier has no such head. */
const Colours = z.array(Colour).max(3);

/** The `raw_response` of the analysis `classification`: what each classifier says of one snapshot. */
export const ClassificationResult = z.object({
  variants: z
    .array(
      z.object({
        /** `baseline`, `cmt`, … */
        variant: Text.min(1).max(100),
        classifier: z.object({
          name: Text.max(200),
          version: Text.max(200),
          sha256: z.string().regex(/^[0-9a-f]{64}$/),
        }),
        type: Classified,
        make: Classified,
        model: Classified,
        colors: Colours.default([]),
        plate: Plate.nullable().default(null),
        latency_ms: z.number().min(0),
      }),
    )
    .min(1)
    .max(8)
    .refine(
      (variants) => new Set(variants.map(({ variant }) => variant)).size === variants.length,
      'a variant stands there twice',
    ),
});
export type ClassificationResult = z.infer<typeof ClassificationResult>;
