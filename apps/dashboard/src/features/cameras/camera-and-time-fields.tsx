import { EVENT_SOURCES, type EventListQuery } from '@camfleet/protocol';
import { Select, TextInput } from '@mantine/core';
import { fromLocalInput, toLocalInput } from '../../components/time';
import { useCameras } from './use-cameras';

interface CameraAndTime {
  cameraId?: string | undefined;
  source?: EventListQuery['source'];
  from?: string | undefined;
  to?: string | undefined;
}

export interface CameraAndTimeFieldsProps {
  filter: CameraAndTime;
  /** Gets what changed alone. */
  onChange: (change: CameraAndTime) => void;
  /** What was seen in recordings can be left out, or shown alone. */
  withRecordings?: boolean;
}

const SOURCES: Readonly<Record<(typeof EVENT_SOURCES)[number], string>> = {
  camera: 'Cameras only',
  recording: 'Recordings only',
};
const SOURCE_OPTIONS = EVENT_SOURCES.map((value) => ({ value: `source:${value}`, label: SOURCES[value] }));

/** Where and when something was seen. */
export function CameraAndTimeFields({ filter, onChange, withRecordings = false }: CameraAndTimeFieldsProps) {
  const { cameraId, source, from, to } = filter;
  const { data: cameras = [] } = useCameras();
  const options = cameras.map(({ id, name }) => ({ value: id, label: name }));
  function choose(chosen: string | null) {
    const wanted = EVENT_SOURCES.find((known) => chosen === `source:${known}`);
    const camera = { cameraId: wanted ? undefined : (chosen ?? undefined) };
    onChange(withRecordings ? { ...camera, source: wanted } : camera);
  }
  const wrong = from !== undefined && to !== undefined && from >= to;
  return (
    <>
      <Select
        label="Camera"
        placeholder={withRecordings ? 'Everywhere' : 'All cameras'}
        data={withRecordings ? [...SOURCE_OPTIONS, { group: 'One camera', items: options }] : options}
        value={cameraId ?? (source === undefined ? null : `source:${source}`)}
        onChange={choose}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': withRecordings ? 'Everywhere' : 'All cameras' }}
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
