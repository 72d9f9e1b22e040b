import { Select, TextInput } from '@mantine/core';
import { fromLocalInput, toLocalInput } from '../../components/time';
import { useCameras } from './use-cameras';

interface CameraAndTime {
  cameraId?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export interface CameraAndTimeFieldsProps {
  filter: CameraAndTime;
  /** Gets what changed alone. */
  onChange: (change: CameraAndTime) => void;
}

/** Where and when something was seen. */
export function CameraAndTimeFields({ filter: { cameraId, from, to }, onChange }: CameraAndTimeFieldsProps) {
  const { data: cameras = [] } = useCameras();
  const wrong = from !== undefined && to !== undefined && from >= to;
  return (
    <>
      <Select
        label="Camera"
        placeholder="All cameras"
        data={cameras.map(({ id, name }) => ({ value: id, label: name }))}
        value={cameraId ?? null}
        onChange={(chosen) => onChange({ cameraId: chosen ?? undefined })}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'All cameras' }}
        nothingFoundMessage="No such camera"
        w={{ base: '100%', xs: 190 }}
      />
      <TextInput
        type="datetime-local"
        label="From"
        value={toLocalInput(from)}
        onChange={({ currentTarget }) => onChange({ from: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
      <TextInput
        type="datetime-local"
        label="To"
        value={toLocalInput(to)}
        error={wrong && 'Before the beginning'}
        onChange={({ currentTarget }) => onChange({ to: fromLocalInput(currentTarget.value) })}
        flex={{ base: '1 1 150px', xs: '0 0 185px' }}
      />
    </>
  );
}
