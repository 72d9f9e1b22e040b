import type { Video } from '@camfleet/protocol';
import { Skeleton, Text } from '@mantine/core';
import { ErrorState } from '../../components/error-state';
import { JobList } from '../jobs/job-list';
import { useJobs } from '../jobs/use-jobs';

/** What workers do for one video. */
export function VideoJobs({ video: { id, eventId } }: { video: Video }) {
  const query = useJobs({ eventId: eventId ?? id });
  if (query.isPending) return <Skeleton h={90} role="status" aria-label="Loading jobs" />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const jobs = query.data.pages.flatMap(({ items }) => items);
  if (jobs.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing was asked for yet.
      </Text>
    );
  return <JobList jobs={jobs} />;
}
