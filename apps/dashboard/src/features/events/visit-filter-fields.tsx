import { Button, Group, Select, TextInput } from '@mantine/core';
import { fromLocalInput, toLocalInput } from '../../components/time';
import { useCameras } from '../cameras/use-cameras';
import type { VisitFilterBarProps } from './visit-filter-bar';

export function VisitFilterFields({ filter, onChange }: VisitFilterBarProps) {
  const { data: cameras = [] } = useCameras();
  const any = filter.cameraId !== undefined || filter.from !== undefined || filter.to !== undefined;
  const wrong = filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to;
  return (
    <Group align="flex-end" gap="sm" mb="md" role="search" aria-label="Filter events">
      <Select
        label="Camera"
        placeholder="All cameras"
        data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.cameraId ?? null}
        onChange={(cameraId) => onChange({ cameraId: cameraId ?? undefined })}
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
        onChange={({ currentTarget }) => onChange({ from: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
      <TextInput
        type="datetime-local"
        label="To"
        value={toLocalInput(filter.to)}
        error={wrong && 'Before the beginning'}
        onChange={({ currentTarget }) => onChange({ to: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
      {any && (
        <Button
          variant="subtle"
          onClick={() => onChange({ cameraId: undefined, from: undefined, to: undefined })}
        >
          Clear
        </Button>
      )}
    </Group>
  );
}
