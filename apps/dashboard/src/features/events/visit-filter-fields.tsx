import { Button, Group, Select } from '@mantine/core';
import { CameraAndTimeFields } from '../cameras/camera-and-time-fields';
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
  source: undefined,
  from: undefined,
  to: undefined,
};

export function VisitFilterFields({ filter, onChange }: VisitFilterBarProps) {
  const type = filter.type ?? 'face';
  const any = Object.keys(filter).length > 0;
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
      <CameraAndTimeFields filter={filter} onChange={onChange} withRecordings />
      {any && (
        <Button variant="subtle" onClick={() => onChange(NOTHING)}>
          Clear
        </Button>
      )}
    </Group>
  );
}
