import { ActionIcon } from '@mantine/core';
import type { IconChevronLeft } from '@tabler/icons-react';

export interface PictureControlProps {
  label: string;
  icon: typeof IconChevronLeft;
  onClick: () => void;
}

/** A button on top of a picture. */
export function PictureControl({ label, icon: Icon, onClick }: PictureControlProps) {
  return (
    <ActionIcon size="lg" variant="filled" color="dark" onClick={onClick} aria-label={label}>
      <Icon size={20} aria-hidden />
    </ActionIcon>
  );
}
