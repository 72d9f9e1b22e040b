import { Drawer } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { CameraHistory } from './camera-history';
import { HISTORY_PARAMETER } from './history-button';
import { useCameraName } from './use-camera-name';

/** The history that the page's address names, beside the page. */
export function CameraHistoryDrawer() {
  const [search, setSearch] = useSearchParams();
  const cameraName = useCameraName();
  const cameraId = search.get(HISTORY_PARAMETER);
  return (
    <Drawer
      opened={cameraId !== null}
      onClose={() => setSearch({}, { replace: true })}
      position="right"
      title={cameraId === null ? '' : `History of ${cameraName(cameraId)}`}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {cameraId !== null && <CameraHistory cameraId={cameraId} />}
    </Drawer>
  );
}
