import type { Camera } from '@camfleet/protocol';
import { Button } from '@mantine/core';
import { IconDeviceCctv, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { EmptyState } from '../components/empty-state';
import { ErrorState } from '../components/error-state';
import { ListSkeleton } from '../components/list-skeleton';
import { PageHeader } from '../components/page-header';
import { CameraFormModal } from '../features/cameras/camera-form-modal';
import { CameraHistoryDrawer } from '../features/cameras/camera-history-drawer';
import { CameraTable } from '../features/cameras/camera-table';
import { DeleteCameraModal } from '../features/cameras/delete-camera-modal';
import { useCameras } from '../features/cameras/use-cameras';
import { useMay } from '../features/session/session';

export function CamerasPage() {
  const cameras = useCameras();
  const mayEdit = useMay('admin');
  const [search, setSearch] = useSearchParams();
  const [edited, setEdited] = useState<Camera | null>(null);
  const [doomed, setDoomed] = useState<Camera | null>(null);
  const adding = mayEdit && search.has('add');
  const add = (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={() => setSearch({ add: '' })}>
      Add camera
    </Button>
  );
  return (
    <>
      <PageHeader title="Cameras">{mayEdit && cameras.data?.length !== 0 && add}</PageHeader>
      {cameras.isPending && <ListSkeleton label="Loading cameras" />}
      {cameras.isError && !cameras.data && (
        <ErrorState error={cameras.error} onRetry={() => void cameras.refetch()} />
      )}
      {cameras.data?.length === 0 && (
        <EmptyState
          icon={IconDeviceCctv}
          title="No cameras yet"
          text={
            mayEdit
              ? 'Add one by its address: RTSP, HTTP, HLS, RTMP, a file or a device.'
              : 'An administrator can add the first one.'
          }
        >
          {mayEdit && add}
        </EmptyState>
      )}
      {cameras.data && cameras.data.length > 0 && (
        <CameraTable cameras={cameras.data} onEdit={setEdited} onDelete={setDoomed} />
      )}
      <CameraFormModal
        opened={adding || edited !== null}
        camera={edited}
        onClose={() => {
          setEdited(null);
          setSearch({}, { replace: true });
        }}
      />
      <CameraHistoryDrawer />
      <DeleteCameraModal camera={doomed} onClose={() => setDoomed(null)} />
    </>
  );
}
