import type { Camera } from '@camfleet/protocol';
import { ActionIcon, Group, Tooltip } from '@mantine/core';
import { IconPencil, IconPlayerPlay, IconPlayerStop, IconTrash } from '@tabler/icons-react';
import { useMay } from '../session/session';
import { useStreamSwitch } from './use-stream-switch';

export interface CameraActionsProps {
  camera: Camera;
  onEdit: () => void;
  onDelete: () => void;
}

/** The buttons that the person's role allows; a viewer sees none. */
export function CameraActions({ camera, onEdit, onDelete }: CameraActionsProps) {
  const mayRun = useMay('operator');
  const mayEdit = useMay('admin');
  const streamSwitch = useStreamSwitch();
  const running = camera.desired === 'running';
  const action = running ? 'stop' : 'start';
  return (
    <Group gap={4} justify="flex-end" wrap="nowrap">
      {mayRun && (
        <Action
          label={`${running ? 'Stop' : 'Start'} ${camera.name}`}
          icon={running ? IconPlayerStop : IconPlayerPlay}
          loading={streamSwitch.isPending}
          onClick={() => streamSwitch.mutate({ id: camera.id, action })}
        />
      )}
      {mayEdit && <Action label={`Edit ${camera.name}`} icon={IconPencil} onClick={onEdit} />}
      {mayEdit && <Action label={`Delete ${camera.name}`} icon={IconTrash} onClick={onDelete} />}
    </Group>
  );
}

interface ActionProps {
  label: string;
  icon: typeof IconTrash;
  loading?: boolean;
  onClick: () => void;
}

function Action({ label, icon: Icon, loading, onClick }: ActionProps) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={label}
        loading={loading ?? false}
        onClick={onClick}
      >
        <Icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
