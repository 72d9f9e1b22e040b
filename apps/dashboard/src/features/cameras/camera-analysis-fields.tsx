import { VIDEO_ANALYSES } from '@camfleet/protocol';
import { MultiSelect, NumberInput, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Fold } from '../../components/fold';
import { analysisInWords } from '../videos/analysis-in-words';
import type { AnalysisValues } from './analysis-values';
import type { CameraFormValues } from './camera-form-values';
import { OBJECT_CLASSES } from './object-classes';

const FIELDS: readonly (keyof AnalysisValues)[] = [
  'facesFps',
  'minFaceHeightPx',
  'objectsFps',
  'objectClasses',
  'jobs',
];

/** What is looked for in the camera's picture, and how often. Opens by itself when something in it is wrong. */
export function CameraAnalysisFields({ form }: { form: UseFormReturnType<CameraFormValues> }) {
  const { faces, objects, objectClasses, jobs } = form.values;
  return (
    <Fold title="What to look for" forceOpen={FIELDS.some((field) => form.errors[field])}>
      <Stack gap="sm">
        <Switch label="Look for faces" {...form.getInputProps('faces', { type: 'checkbox' })} />
        {faces && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
              label="Pictures a second, for faces"
              description="5 suits people who walk by."
              min={0.1}
              max={60}
              {...form.getInputProps('facesFps')}
            />
            <NumberInput
              label="Smallest face"
              description="Height in pixels of the camera. Small numbers cost more; 0 leaves it to the worker."
              min={0}
              max={4096}
              suffix=" px"
              allowDecimal={false}
              {...form.getInputProps('minFaceHeightPx')}
            />
          </SimpleGrid>
        )}
        <Switch
          label="Look for objects"
          description="People as a whole, vehicles, animals, things."
          {...form.getInputProps('objects', { type: 'checkbox' })}
        />
        {objects && (
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <NumberInput
              label="Pictures a second, for objects"
              description="Each costs the worker some of its processor."
              min={0.1}
              max={60}
              {...form.getInputProps('objectsFps')}
            />
            <MultiSelect
              label="Which objects"
              description="None chosen: people, vehicles and animals."
              placeholder={objectClasses.length === 0 ? 'People, vehicles, animals' : ''}
              data={[...new Set([...OBJECT_CLASSES, ...objectClasses])]}
              searchable
              clearable
              hidePickedOptions
              clearButtonProps={{ 'aria-label': 'All objects' }}
              nothingFoundMessage="No such object"
              {...form.getInputProps('objectClasses')}
            />
          </SimpleGrid>
        )}
        <Switch
          label="Only when something moves"
          description="Spares the worker while the picture is still."
          {...form.getInputProps('motionGate', { type: 'checkbox' })}
        />
        <TagsInput
          label="Look through a clip of each visit for"
          description="The seconds around it are cut out and stored. A type of your own workers can be written, too."
          data={VIDEO_ANALYSES.map(analysisInWords)}
          maxTags={20}
          splitChars={[',']}
          clearable
          clearButtonProps={{ 'aria-label': 'No clips' }}
          placeholder={jobs.length === 0 ? 'Nothing: no clips' : ''}
          {...form.getInputProps('jobs')}
        />
      </Stack>
    </Fold>
  );
}
