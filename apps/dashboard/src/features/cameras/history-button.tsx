import { IconHistory } from '@tabler/icons-react';
import { useSearchParams } from 'react-router';
import { IconAction } from '../../components/icon-action';

/** The address of the open history, so that it can be shared: `?history={cameraId}`. */
export const HISTORY_PARAMETER = 'history';

export function HistoryButton({ cameraId, cameraName }: { cameraId: string; cameraName: string }) {
  const [, setSearch] = useSearchParams();
  return (
    <IconAction
      label={`History of ${cameraName}`}
      icon={IconHistory}
      onClick={() => setSearch({ [HISTORY_PARAMETER]: cameraId })}
    />
  );
}
