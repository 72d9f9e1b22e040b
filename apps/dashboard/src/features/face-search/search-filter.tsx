import { Button, Group, Select, TextInput } from '@mantine/core';
import type { FaceSearchFilter } from '../../api/people';
import { fromLocalInput, toLocalInput } from '../../components/time';
import { useCameras } from '../cameras/use-cameras';

export interface SearchFilterProps {
  filter: FaceSearchFilter;
  onChange: (filter: FaceSearchFilter) => void;
}

/** Which visits are searched; people are found whenever they were seen. */
export function SearchFilter({ filter, onChange }: SearchFilterProps) {
  const { data: cameras = [] } = useCameras();
  const wrong = filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to;
  return (
    <Group align="flex-end" gap="sm" my="md" role="search" aria-label="Filter visits">
      <Select
        label="Camera"
        placeholder="All cameras"
        data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.cameraId ?? null}
        onChange={(cameraId) => onChange({ ...filter, cameraId: cameraId ?? undefined })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All cameras' }}
        nothingFoundMessage="No such camera"
        w={{ base: '100%', xs: 190 }}
      />
      <TextInput
        type="datetime-local"
        label="From"
        value={toLocalInput(filter.from)}
        onChange={({ currentTarget }) => onChange({ ...filter, from: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
      <TextInput
        type="datetime-local"
        label="To"
        value={toLocalInput(filter.to)}
        error={wrong && 'Before the beginning'}
        onChange={({ currentTarget }) => onChange({ ...filter, to: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
      {Object.values(filter).some((value) => value !== undefined) && (
        <Button variant="subtle" onClick={() => onChange({})}>
          Clear
        </Button>
      )}
    </Group>
  );
}
