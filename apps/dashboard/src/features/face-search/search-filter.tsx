import { Button, Group } from '@mantine/core';
import type { FaceSearchFilter } from '../../api/people';
import { CameraAndTimeFields } from '../cameras/camera-and-time-fields';

export interface SearchFilterProps {
  filter: FaceSearchFilter;
  onChange: (filter: FaceSearchFilter) => void;
}

/** Which visits are searched; people are found whenever they were seen. */
export function SearchFilter({ filter, onChange }: SearchFilterProps) {
  return (
    <Group align="flex-end" gap="sm" my="md" role="search" aria-label="Filter visits">
      <CameraAndTimeFields filter={filter} onChange={(change) => onChange({ ...filter, ...change })} />
      {Object.values(filter).some((value) => value !== undefined) && (
        <Button variant="subtle" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </Group>
  );
}
