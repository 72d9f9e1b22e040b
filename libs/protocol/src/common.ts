import { z } from 'zod';

/** As far east or west as PostgreSQL takes a time. */
const ZONE = /(?:Z|[+-](?:0\d|1[0-5]):[0-5]\d)$/;
/** Longer is a fraction that nobody measures, and PostgreSQL does not read. */
const MAX_TIMESTAMP_LENGTH = 40;

/** ISO 8601 in UTC with milliseconds, as every time in Camfleet is written. */
export const Timestamp = z.iso
  .datetime({ offset: true })
  .max(MAX_TIMESTAMP_LENGTH)
  .refine((time) => ZONE.test(time), 'must lie less than 16 hours from UTC')
  .refine((time) => Date.parse(time) >= 0, 'must be a time after 1970');

/** What PostgreSQL's text and jsonb cannot hold: NUL, and half a surrogate pair. */
function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && !/\p{Surrogate}/u.test(text);
}

/** Deeper than anything that anybody reads; far deeper, PostgreSQL and the stack give up. */
const MAX_DEPTH = 50;

/** True when a JSON value, every string in it included, can be stored. */
export function isStorable(value: unknown): boolean {
  return isStorableWithin(value, MAX_DEPTH);
}

function isStorableWithin(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return isStorableText(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0) return false;
  if (Array.isArray(value)) return value.every((entry) => isStorableWithin(entry, depth - 1));
  return Object.entries(value).every(
    ([key, entry]) => isStorableText(key) && isStorableWithin(entry, depth - 1),
  );
}

export const Text = z.string().refine(isStorableText, 'must be text without NUL characters');

/** What some decoder says: characters that cannot be stored become `?`, for the sake of the rest. */
export const SpokenText = z.string().overwrite((text) => text.replace(/\0|\p{Surrogate}/gu, '?'));

export const Id = Text.min(1).max(200);

/** Grows by one with each assignment of a camera. */
export const Epoch = z.int32();

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
