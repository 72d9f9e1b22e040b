import { CLASSIFICATION, type WorkerView } from '@camfleet/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { KEYS } from '../../api/query-keys';
import { listWorkers } from '../../api/workers';

/** Every worker by name; loads change with each heartbeat, so they are read again while the page is open. */
export function useWorkers() {
  return useQuery<WorkerView[]>({
    queryKey: KEYS.workers,
    queryFn: ({ signal }) => listWorkers(signal),
    select: byName,
    refetchInterval: 3_000,
  });
}

function byName(workers: WorkerView[]): WorkerView[] {
  return [...workers].sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}

/** Whether any worker has one; undefined: nobody knows yet. */
export function useHasClassifier(): boolean | undefined {
  const { data } = useWorkers();
  return data?.some(({ analyses }) => analyses.includes(CLASSIFICATION));
}

export function useWorkerName(): (id: string | null) => string {
  const { data } = useWorkers();
  return useMemo(() => {
    const names = new Map(data?.map(({ id, name }) => [id, name]));
    return (id) => (id === null ? '–' : (names.get(id) ?? id));
  }, [data]);
}
