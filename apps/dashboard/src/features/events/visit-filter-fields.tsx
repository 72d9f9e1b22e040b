import { Button, Group, Select, TextInput } from '@mantine/core';
import { fromLocalInput, toLocalInput } from '../../components/time';
import { useCameras } from '../cameras/use-cameras';
import { OBJECT_CLASSES } from '../cameras/object-classes';
import { VISIT_TYPES } from './live-visits';
import { PersonFilter } from './person-filter';
import type { VisitFilterBarProps } from './visit-filter-bar';

const KINDS: { value: (typeof VISIT_TYPES)[number]; label: string }[] = [
  { value: 'face', label: 'Faces' },
  { value: 'object', label: 'Objects' },
  { value: 'zone', label: 'Zones' },
  { value: 'line', label: 'Crossed lines' },
];

const NOTHING = {
  type: undefined,
  label: undefined,
  personId: undefined,
  cameraId: undefined,
  from: undefined,
  to: undefined,
};

export function VisitFilterFields({ filter, onChange }: VisitFilterBarProps) {
  const { data: cameras = [] } = useCameras();
  const type = filter.type ?? 'face';
  const any = Object.keys(filter).length > 0;
  const wrong = filter.from !== undefined && filter.to !== undefined && filter.from >= filter.to;
  return (
    <Group align="flex-end" gap="sm" mb="md" role="search" aria-label="Filter events">
      <Select
        label="What"
        data={KINDS}
        value={type}
        allowDeselect={false}
        onChange={(chosen) =>
          onChange({
            type: VISIT_TYPES.find((known) => known === chosen),
            label: undefined,
            ...(chosen !== 'face' && { personId: undefined }),
          })
        }
        flex={{ base: '1 1 130px', xs: '0 0 150px' }}
      />
      {type === 'face' ? (
        <PersonFilter personId={filter.personId} onChange={(personId) => onChange({ personId })} />
      ) : (
        <Select
          label="Object"
          placeholder="All"
          data={[...OBJECT_CLASSES]}
          value={filter.label ?? null}
          onChange={(label) => onChange({ label: label ?? undefined })}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': 'All objects' }}
          nothingFoundMessage="No such object"
          flex={{ base: '1 1 130px', xs: '0 0 150px' }}
        />
      )}
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
        <Button variant="subtle" onClick={() => onChange(NOTHING)}>
          Clear
        </Button>
      )}
    </Group>
  );
}
