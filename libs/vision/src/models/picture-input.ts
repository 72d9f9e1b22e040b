import { z } from 'zod';

const Channelwise = z.union([z.number(), z.tuple([z.number(), z.number(), z.number()])]);

/** How a picture becomes a model's input: (value 0 to 255 - mean) · scale, in the order of `channels`. */
export const PictureInput = z.strictObject({
  /** Of the tensor. */
  name: z.string().min(1),
  layout: z.enum(['NCHW', 'NHWC']).default('NCHW'),
  channels: z.enum(['RGB', 'BGR', 'GREY']),
  width: z.number().int().min(1).max(4096),
  height: z.number().int().min(1).max(4096),
  /** One number for all channels, or one each. */
  mean: Channelwise.default(0),
  scale: Channelwise.default(1),
  /** `letterbox`: keeps its shape and lies in the upper left corner; `stretch`: fills the input. */
  fit: z.enum(['letterbox', 'stretch']).default('letterbox'),
  /** What the bars of a letterbox are filled with, 0 to 255. */
  pad: z.number().min(0).max(255).default(0),
});
export type PictureInput = z.infer<typeof PictureInput>;

/** Batch first. */
export function inputShape({ layout, channels, width, height }: PictureInput): number[] {
  const depth = channels === 'GREY' ? 1 : 3;
  return layout === 'NCHW' ? [1, depth, height, width] : [1, height, width, depth];
}
