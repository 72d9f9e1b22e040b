import type { Page } from '@camfleet/protocol';
import type { z } from 'zod';
import { call, queryString } from './http';

const PAGE_SIZE = 500;
/** A list longer than this is cut: 20 pages of 500. */
const MAX_PAGES = 20;

/** Follows a list's cursor to its end. */
export async function fetchAll<Item>(
  path: string,
  options: { page: z.ZodType<Page<Item>>; query?: Record<string, string | number>; signal?: AbortSignal },
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  for (let read = 0; read < MAX_PAGES; read++) {
    const page = await call(`${path}${queryString({ ...options.query, limit: PAGE_SIZE, cursor })}`, {
      answer: options.page,
      signal: options.signal,
    });
    items.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return items;
}
