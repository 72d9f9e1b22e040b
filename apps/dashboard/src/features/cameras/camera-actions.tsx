import type { Camera } from '@camfleet/protocol';
import { Group } from '@mantine/core';
import { IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { IconAction } from '../../components/icon-action';
import { useMay } from '../session/session';
import { HistoryButton } from './history-button';
import { useStreamSwitch } from './use-stream-switch';

export interface CameraActionsProps {
  camera: Camera;
  onEdit: () => void;
  onDelete: () => void;
}

/** The buttons that the person's role allows; a viewer sees the history alone. */
export function CameraActions({ camera, onEdit, onDelete }: CameraActionsProps) {
  const mayRun = useMay('operator');
  const mayEdit = useMay('admin');
  const streamSwitch = useStreamSwitch();
  const running = camera.desired === 'running';
  const action = running ? 'stop' : 'start';
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {mayRun && (
        <IconAction
          label={`${running ? 'Stop' : 'Start'} ${camera.name}`}
          icon={running ? IconPlayerStop : IconPlayerPlay}
          loading={streamSwitch.isPending}
          onClick={() => streamSwitch.mutate({ id: camera.id, action })}
        />
      )}
      <HistoryButton cameraId={camera.id} cameraName={camera.name} />
      {mayEdit && <IconAction label={`Edit ${camera.name}`} icon={IconPencil} onClick={onEdit} />}
      {mayEdit && <IconAction label={`Delete ${camera.name}`} icon={IconTrash} onClick={onDelete} />}
    </Group>
  );
}
