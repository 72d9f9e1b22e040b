import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state';

export function NotFoundPage() {
  return (
    <EmptyState icon={IconMapOff} title="There is no such page" text="The address may be mistyped or old.">
      <title>Not found · Camfleet</title>
      <Button component={Link} to="/">
        To the live view
      </Button>
    </EmptyState>
  );
}
