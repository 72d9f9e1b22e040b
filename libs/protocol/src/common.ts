import { z } from 'zod';

/** ISO 8601 in UTC with milliseconds, as every time in Camfleet is written. */
export const Timestamp = z.iso.datetime({ offset: true, precision: undefined });

export const Id = z.string().min(1).max(200);

/** `[x, y, width, height]` as fractions of the frame. */
export const BoxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

export const Labels = z.record(z.string().min(1).max(100), z.string().max(200));

export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

export const ErrorBody = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});
export type ErrorBody = z.infer<typeof ErrorBody>;
