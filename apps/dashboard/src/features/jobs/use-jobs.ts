import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { countJobs, listJobs, redriveJob, redriveJobs, type JobFilter } from '../../api/jobs';
import { KEYS } from '../../api/query-keys';
import { notifyDone, notifyError } from '../../components/notify';

/** Jobs of workers in any language move without a word to the live connection: they are read again. */
const AGAIN_MS = 5_000;

export function useJobs(filter: JobFilter) {
  return useInfiniteQuery({
    queryKey: [...KEYS.jobs, 'list', filter],
    queryFn: ({ pageParam, signal }) => listJobs(filter, { cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (shown) => shown,
    refetchInterval: AGAIN_MS,
  });
}

export function useJobCounts() {
  return useQuery({
    queryKey: [...KEYS.jobs, 'counts'],
    queryFn: ({ signal }) => countJobs(signal),
    refetchInterval: AGAIN_MS,
  });
}

function useJobsChanged() {
  const queries = useQueryClient();
  return () =>
    Promise.all([KEYS.jobs, KEYS.videos].map((queryKey) => queries.invalidateQueries({ queryKey })));
}

/** Gives a job that was given up its attempts again. */
export function useRedriveJob() {
  const changed = useJobsChanged();
  return useMutation({
    mutationFn: (id: number) => redriveJob(id),
    onSuccess: changed,
    onError: (error) => notifyError('The job was not started again', error),
  });
}

/** All that were given up, or those of a type. */
export function useRedriveJobs(type: string | undefined) {
  const changed = useJobsChanged();
  return useMutation({
    mutationFn: () => redriveJobs(type),
    onSuccess: ({ redriven }) => {
      notifyDone(redriven === 1 ? 'One job is tried again.' : `${redriven} jobs are tried again.`);
      return changed();
    },
    onError: (error) => notifyError('The jobs were not started again', error),
  });
}
