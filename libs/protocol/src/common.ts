import { z } from 'zod';

/** ISO 8601 in UTC with milliseconds, as every time in Camfleet is written. */
export const Timestamp = z.iso
  .datetime({ offset: true })
  .refine((time) => Date.parse(time) >= 0, 'must be a time after 1970');

/** What PostgreSQL's text and jsonb cannot hold: NUL, and half a surrogate pair. */
function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

/** True when every string in a JSON value can be stored. */
export function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  return Object.entries(value).every(([key, entry]) => isStorableText(key) && isStorable(entry));
}

export const Text = z.string().refine(isStorableText, 'must be text without NUL characters');

export const Id = Text.min(1).max(200);

/** `[x, y, width, height]` as fractions of the frame. */
export const BoxSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);

export const Labels = z.record(Text.min(1).max(100), Text.max(200));

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
