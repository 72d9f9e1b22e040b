import { Skeleton, Stack } from '@mantine/core';

/** Stands for a list that is being read. */
export function ListSkeleton({ label, height = 48 }: { label: string; height?: number }) {
  return (
    <Stack role="status" aria-label={label} gap="xs">
      {Array.from({ length: 6 }, (_, index) => (
        <Skeleton key={index} h={height} />
      ))}
    </Stack>
  );
}
