import { Code, SimpleGrid, Skeleton } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { PageHeader } from '../components/page-header';
import { useWorkers } from '../features/workers/use-workers';
import { WorkerCard } from '../features/workers/worker-card';

const COLUMNS = { base: 1, md: 2, xl: 3 };

export function WorkersPage() {
  const workers = useWorkers();
  return (
    <>
      <PageHeader title="Workers" />
      {workers.isPending && (
        <SimpleGrid cols={COLUMNS} role="status" aria-label="Loading workers">
          <Skeleton h={220} />
          <Skeleton h={220} />
        </SimpleGrid>
      )}
      {workers.isError && !workers.data && (
        <ErrorState error={workers.error} onRetry={() => void workers.refetch()} />
      )}
      {workers.data?.length === 0 && (
        <EmptyState
          icon={IconServer2}
          title="No worker yet"
          text="Cameras need a worker to run. Start one with:"
        >
          <Code>npm run worker</Code>
        </EmptyState>
      )}
      {workers.data && workers.data.length > 0 && (
        <SimpleGrid cols={COLUMNS}>
          {workers.data.map((worker) => (
            <WorkerCard key={worker.id} worker={worker} />
          ))}
        </SimpleGrid>
      )}
    </>
  );
}
