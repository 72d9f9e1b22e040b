import { Button, Skeleton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconDeviceCctv } from '@tabler/icons-react';
import { Link, useSearchParams } from 'react-router';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { PageHeader } from '../components/page-header';
import { useCameras } from '../features/cameras/use-cameras';
import { useMay } from '../features/session/session';
import { useVideoClient } from '../features/video/use-video-client';
import { LargeView } from '../features/wall/large-view';
import { Wall } from '../features/wall/wall';
import { WallControls } from '../features/wall/wall-controls';
import type { Density } from '../features/wall/wall-layout';
import classes from '../features/wall/wall.module.css';

export function LivePage() {
  const cameras = useCameras();
  const client = useVideoClient();
  const [search, setSearch] = useSearchParams();
  const [density, setDensity] = useLocalStorage<Density>({
    key: 'camfleet.wall.density',
    defaultValue: 'fit',
  });
  const [overlay, setOverlay] = useLocalStorage({ key: 'camfleet.wall.overlay', defaultValue: true });
  const list = cameras.data ?? [];
  const large = list.find(({ id }) => id === search.get('camera'));
  const openLarge = (id: string | null) =>
    setSearch(id === null ? {} : { camera: id }, { replace: large !== undefined });
  return (
    <>
      <PageHeader title="Live">
        <WallControls density={density} overlay={overlay} onDensity={setDensity} onOverlay={setOverlay} />
      </PageHeader>
      {cameras.isPending && <WallSkeleton />}
      {cameras.isError && !cameras.data && (
        <ErrorState error={cameras.error} onRetry={() => void cameras.refetch()} />
      )}
      {cameras.data?.length === 0 && <NoCameras />}
      {list.length > 0 && (
        <Wall
          cameras={list}
          client={client}
          density={density}
          overlay={overlay}
          covered={large !== undefined}
          onOpen={openLarge}
        />
      )}
      <LargeView cameras={list} camera={large} client={client} overlay={overlay} onChange={openLarge} />
    </>
  );
}

function WallSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading cameras"
      className={classes.wall}
      style={{ gridTemplateColumns: 'repeat(auto-fill, minmax(260px, 1fr))' }}
    >
      {Array.from({ length: 8 }, (_, index) => (
        <Skeleton key={index} className={classes.tile} />
      ))}
    </div>
  );
}

function NoCameras() {
  const mayAdd = useMay('admin');
  return (
    <EmptyState
      icon={IconDeviceCctv}
      title="No cameras yet"
      text={mayAdd ? 'Add the first one to watch it here.' : 'An administrator can add the first one.'}
    >
      {mayAdd && (
        <Button component={Link} to="/cameras?add">
          Add a camera
        </Button>
      )}
    </EmptyState>
  );
}
