import { Button, Center, Loader, Skeleton, Text, VisuallyHidden } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { IconUserScan } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import type { VisitFilter } from './live-visits';
import { usePlaceName } from './use-place-name';
import { useVisits } from './use-visits';
import { VisitCard } from './visit-card';
import { VisitModal } from './visit-modal';
import { visitTitle } from './visit-words';
import classes from './visits.module.css';

export interface VisitListProps {
  filter: VisitFilter;
  /** Shown instead of the usual words when there is nothing. */
  empty?: ReactNode;
}

/** Endless: older visits are read as the end comes into view. Newer ones come by themselves. */
export function VisitList({ filter, empty }: VisitListProps) {
  const { query, visits } = useVisits(filter);
  const { ref: endRef, inViewport: endInView } = useInViewport<HTMLDivElement>();
  const [openKey, setOpenKey] = useState<string | null>(null);
  const placeName = usePlaceName();
  const { hasNextPage, isFetching, isFetchNextPageError, fetchNextPage } = query;

  useEffect(() => {
    if (endInView && hasNextPage && !isFetching && !isFetchNextPageError) void fetchNextPage();
  }, [endInView, hasNextPage, isFetching, isFetchNextPageError, fetchNextPage]);

  if (query.isPending) return <GridSkeleton />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (visits.length === 0) return empty ?? <NoVisits filtered={Object.keys(filter).length > 0} />;
  const newest = visits[0];
  return (
    <>
      <VisuallyHidden role="status">
        {newest?.running && `${visitTitle(newest)} at ${placeName(newest)}`}
      </VisuallyHidden>
      <ul className={classes.grid} aria-label="Visits">
        {visits.map((visit) => (
          <VisitCard
            key={visit.key}
            visit={visit}
            cameraName={placeName(visit)}
            onOpen={() => setOpenKey(visit.key)}
          />
        ))}
      </ul>
      <Center ref={endRef} mih={64} mt="sm">
        {query.isFetchingNextPage && <Loader size="sm" aria-label="Loading older visits" />}
        {isFetchNextPageError && <ErrorState error={query.error} onRetry={() => void fetchNextPage()} />}
        {hasNextPage && !isFetching && !isFetchNextPageError && (
          <Button variant="subtle" onClick={() => void fetchNextPage()}>
            Load older
          </Button>
        )}
        {!hasNextPage && (
          <Text size="sm" c="dimmed">
            That is all.
          </Text>
        )}
      </Center>
      <VisitModal visits={visits} openKey={openKey} onOpen={setOpenKey} />
    </>
  );
}

function NoVisits({ filtered }: { filtered: boolean }) {
  return (
    <EmptyState
      icon={IconUserScan}
      title={filtered ? 'Nothing fits this filter' : 'Nobody was seen yet'}
      text={
        filtered
          ? 'Choose another camera, person or kind, or a longer time.'
          : 'Faces appear here by themselves as soon as a running camera sees them.'
      }
    />
  );
}

function GridSkeleton() {
  return (
    <div className={classes.grid} role="status" aria-label="Loading visits">
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} h={230} />
      ))}
    </div>
  );
}
