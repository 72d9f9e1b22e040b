import { ActionIcon, Tooltip } from '@mantine/core';
import type { IconTrash } from '@tabler/icons-react';

export interface IconActionProps {
  /** Says what it does and to what: `Delete Entrance`. */
  label: string;
  icon: typeof IconTrash;
  loading?: boolean;
  onClick: () => void;
}

/** A button in a row of a list: an icon to the eye, a sentence to the screen reader and on hovering. */
export function IconAction({ label, icon: Icon, loading, onClick }: IconActionProps) {
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
        <Icon size={18} stroke={1.6} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
