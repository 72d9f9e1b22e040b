import { Code, SimpleGrid, Skeleton, Title } from '@mantine/core';
import { IconServer2 } from '@tabler/icons-react';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { PageHeader } from '../components/page-header';
import { CameraHistoryDrawer } from '../features/cameras/camera-history-drawer';
import { useCameras } from '../features/cameras/use-cameras';
import { ChangeList } from '../features/fleet/change-list';
import { FleetSummary } from '../features/fleet/fleet-summary';
import classes from '../features/fleet/fleet.module.css';
import { SiteSection } from '../features/fleet/site-section';
import { bySite } from '../features/fleet/sites';
import { useFleet } from '../features/fleet/use-fleet';
import { WaitingCameras } from '../features/fleet/waiting-cameras';
import { useConnectionLost } from '../features/live/live-provider';
import { useWorkers } from '../features/workers/use-workers';

/** Which worker runs what, what waits, and what has just moved. */
export function FleetPage() {
  const workers = useWorkers();
  const stale = useConnectionLost();
  const { data: cameras = [] } = useCameras();
  const sites = bySite(useFleet(workers.data ?? [], cameras));
  return (
    <>
      <PageHeader title="Fleet">
        {workers.data && <FleetSummary cameras={cameras} workers={workers.data} />}
      </PageHeader>
      <WaitingCameras cameras={cameras} />
      {workers.isError && !workers.data && (
        <ErrorState error={workers.error} onRetry={() => void workers.refetch()} />
      )}
      <div className={classes.columns} data-stale={stale}>
        <div>
          {workers.isPending && <WorkersSkeleton />}
          {workers.data?.length === 0 && (
            <EmptyState
              icon={IconServer2}
              title="No worker yet"
              text="Cameras need a worker to run. Start one with:"
            >
              <Code>npm run worker</Code>
            </EmptyState>
          )}
          {sites.map((site) => (
            <SiteSection key={site.id ?? ''} site={site} alone={sites.length === 1} />
          ))}
        </div>
        {workers.data && (
          <aside className={classes.aside} aria-label="Changes">
            <Title order={2} size="h5" mb="sm">
              Recent changes
            </Title>
            <ChangeList />
          </aside>
        )}
      </div>
      <CameraHistoryDrawer />
    </>
  );
}

function WorkersSkeleton() {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} role="status" aria-label="Loading workers">
      <Skeleton h={220} />
      <Skeleton h={220} />
    </SimpleGrid>
  );
}
