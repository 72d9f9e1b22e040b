import { CamfleetError } from '@camfleet/domain';
import type { Page } from '@camfleet/protocol';
import { Id } from '@camfleet/protocol';
import { z } from 'zod';

/** A time is the largest that a list is sorted by. */
const LAST_TIME_MS = Date.UTC(9999, 11, 31);

/** Where a page ended: the sort key of its last row. Opaque to clients. */
const Cursor = z.object({ at: z.int().min(0).max(LAST_TIME_MS), id: Id });
type Cursor = z.infer<typeof Cursor>;

export function decodeCursor(cursor: string | undefined): Cursor | undefined {
  if (cursor === undefined) return undefined;
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new CamfleetError('VALIDATION_FAILED', 'The cursor is not one that this list gave.', { cause });
  }
}

/** A page of a list that is short enough to be read whole; rows are in their order. */
export function pageOfList<Row extends { id: string }>(
  rows: readonly Row[],
  { limit, cursor }: { limit: number; cursor?: string },
): Page<Row> {
  const after = decodeCursor(cursor);
  const start = after ? rows.findIndex(({ id }) => id === after.id) + 1 : 0;
  return pageOfRows(rows.slice(start, start + limit + 1), { limit, cursorOf: ({ id }) => ({ at: 0, id }) });
}

/** `rows` holds one row more than the page when there is a next one. */
export function pageOfRows<Row>(
  rows: Row[],
  { limit, cursorOf }: { limit: number; cursorOf: (row: Row) => Cursor },
): Page<Row> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items,
    nextCursor: more ? Buffer.from(JSON.stringify(cursorOf(last))).toString('base64url') : null,
  };
}
