import { Group, Skeleton, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import { useId, type ReactNode } from 'react';
import { ErrorState } from '../../components/error-state';

export interface SectionProps<Item> {
  title: string;
  text: string;
  action: ReactNode;
  query: UseQueryResult<Item[]>;
  empty: string;
  children: (items: Item[]) => ReactNode;
}

/** A titled list of the settings with its loading, error and empty states. */
export function Section<Item>({ title, text, action, query, empty, children }: SectionProps<Item>) {
  const headingId = useId();
  return (
    <section aria-labelledby={headingId}>
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h5" id={headingId}>
          {title}
        </Title>
        {action}
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {text}
      </Text>
      {query.isPending && <Skeleton h={90} role="status" aria-label={`Loading ${title}`} />}
      {query.isError && !query.data && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {query.data?.length === 0 && <Text size="sm">{empty}</Text>}
      {query.data && query.data.length > 0 && children(query.data)}
    </section>
  );
}
