import { Group, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** The heading of a page, its title in the browser's tab, and its controls. */
export function PageHeader({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm" mb="md" mih={36}>
      <title>{`${title} · Camfleet`}</title>
      <Title order={1} size="h3">
        {title}
      </Title>
      {children && <Group gap="xs">{children}</Group>}
    </Group>
  );
}
