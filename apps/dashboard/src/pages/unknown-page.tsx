import { Skeleton } from '@mantine/core';
import { IconUserQuestion } from '@tabler/icons-react';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { LoadMore } from '../components/load-more';
import { PageHeader } from '../components/page-header';
import { useCameraName } from '../features/cameras/use-camera-name';
import { GroupCard } from '../features/unknown/group-card';
import classes from '../features/unknown/unknown.module.css';
import { useUnknown } from '../features/unknown/use-unknown';

/** People whom cameras saw and nobody has named, each with all their visits. */
export function UnknownPage() {
  const unknown = useUnknown();
  const cameraName = useCameraName();
  const groups = unknown.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <PageHeader title="Unknown" />
      {unknown.isPending && <GroupsSkeleton />}
      {unknown.isError && !unknown.data && (
        <ErrorState error={unknown.error} onRetry={() => void unknown.refetch()} />
      )}
      {unknown.data && groups.length === 0 && (
        <EmptyState
          icon={IconUserQuestion}
          title="Nobody unknown"
          text="Whoever cameras see and do not recognise is gathered here, to be named at once with all their visits."
        />
      )}
      <ul className={classes.grid} aria-label="Unknown people">
        {groups.map((group, index) => (
          <GroupCard key={group.id} group={group} number={index + 1} cameraName={cameraName} />
        ))}
      </ul>
      <LoadMore words="Show more" query={unknown} />
    </>
  );
}

function GroupsSkeleton() {
  return (
    <div className={classes.grid} role="status" aria-label="Loading unknown people">
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} h={260} />
      ))}
    </div>
  );
}
