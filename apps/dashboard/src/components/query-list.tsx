import type { Page } from '@camfleet/protocol';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorState } from './error-state';
import { ListSkeleton } from './list-skeleton';
import { LoadMore } from './load-more';

export interface QueryListProps<Item> {
  query: UseInfiniteQueryResult<InfiniteData<Page<Item>>>;
  /** `Loading frames`. */
  loading: string;
  /** Instead of the list when there is nothing. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** A list that is read page by page: on its way, failed, empty, or there. */
export function QueryList<Item>({ query, loading, empty, children }: QueryListProps<Item>) {
  if (query.isPending) return <ListSkeleton label={loading} />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const items = query.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      <LoadMore words="Show more" query={query} />
    </>
  );
}
