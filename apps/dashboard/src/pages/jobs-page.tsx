import { Select, Skeleton, Stack } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import type { JobFilter } from '../api/jobs';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { Fold } from '../components/fold';
import { ListSkeleton } from '../components/list-skeleton';
import { LoadMore } from '../components/load-more';
import { PageHeader } from '../components/page-header';
import { JOB_STATES, totalsOf, typesOf } from '../features/jobs/job-counts';
import { JobList } from '../features/jobs/job-list';
import { JobTotals, JobTypes } from '../features/jobs/job-totals';
import { RedriveAllButton } from '../features/jobs/redrive-all-button';
import { useJobCounts, useJobs } from '../features/jobs/use-jobs';
import { useMay } from '../features/session/session';
import { analysisInWords } from '../features/videos/analysis-in-words';

/** What workers have to do, do, and could not do. */
export function JobsPage() {
  const mayRedrive = useMay('operator');
  const [{ state, type }, changeFilter] = useJobFilter();
  const counts = useJobCounts();
  const query = useJobs({ state, type });
  const items = counts.data?.items ?? [];
  const types = [...new Set([...typesOf(items), ...(type === undefined ? [] : [type])])];
  const { dead } = totalsOf(items, type);
  const jobs = query.data?.pages.flatMap((page) => page.items);
  return (
    <>
      <PageHeader title="Jobs">
        {types.length > 0 && (
          <Select
            aria-label="Type"
            placeholder="Every type"
            data={types.map((value) => ({ value, label: analysisInWords(value) }))}
            value={type ?? null}
            onChange={(chosen) => changeFilter({ state, type: chosen ?? undefined })}
            clearable
            clearButtonProps={{ 'aria-label': 'Every type' }}
            w={170}
          />
        )}
        {mayRedrive && dead > 0 && <RedriveAllButton dead={dead} type={type} />}
      </PageHeader>
      <Stack gap="md" mb="md">
        {counts.isPending && <Skeleton h={86} role="status" aria-label="Counting jobs" />}
        {items.length > 0 && (
          <JobTotals
            items={items}
            type={type}
            state={state}
            onState={(chosen) => changeFilter({ type, state: chosen })}
          />
        )}
        {typesOf(items).length > 1 && (
          <Fold title="By type">
            <JobTypes items={items} />
          </Fold>
        )}
      </Stack>
      {query.isPending && <ListSkeleton label="Loading jobs" height={56} />}
      {query.isError && !query.data && (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      )}
      {jobs?.length === 0 && <NoJobs filtered={state !== undefined || type !== undefined} />}
      {jobs && jobs.length > 0 && (
        <>
          <JobList jobs={jobs} showVideo />
          <LoadMore words="Load older" query={query} />
        </>
      )}
    </>
  );
}

/** In the page's address, so that it can be shared and survives a reload. */
function useJobFilter(): [Pick<JobFilter, 'state' | 'type'>, (filter: JobFilter) => void] {
  const [search, setSearch] = useSearchParams();
  const state = JOB_STATES.find((known) => known === search.get('state'));
  const type = search.get('type') ?? undefined;
  const change = (filter: JobFilter) =>
    setSearch(
      { ...(filter.state && { state: filter.state }), ...(filter.type && { type: filter.type }) },
      { replace: true },
    );
  return [{ state, type }, change];
}

function NoJobs({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      icon={IconListCheck}
      title={filtered ? 'No such job' : 'Nothing to do'}
      text={
        filtered
          ? 'Choose another state or type.'
          : 'When a video is analysed, what workers do for it is listed here.'
      }
    />
  );
}
