import { Button, Center } from '@mantine/core';
import { ErrorState } from './error-state';

export interface LoadMoreProps {
  /** `Show more`. */
  words: string;
  query: {
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    isFetchNextPageError: boolean;
    error: unknown;
    fetchNextPage: () => Promise<unknown>;
  };
}

/** The next page of a list, by a press; why it did not come, if so. */
export function LoadMore({ words, query }: LoadMoreProps) {
  const next = () => void query.fetchNextPage();
  if (query.isFetchNextPageError) return <ErrorState error={query.error} onRetry={next} />;
  if (!query.hasNextPage) return null;
  return (
    <Center mt="md">
      <Button variant="subtle" loading={query.isFetchingNextPage} onClick={next}>
        {words}
      </Button>
    </Center>
  );
}
