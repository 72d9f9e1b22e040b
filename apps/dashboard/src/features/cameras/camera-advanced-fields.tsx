import { Autocomplete, NumberInput, SimpleGrid, Stack, Switch, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Fold } from '../../components/fold';
import type { AdvancedValues } from './advanced-values';
import type { CameraFormValues } from './camera-form-values';
import { useKnownPlaces } from './use-known-places';

const FIELDS: readonly (keyof AdvancedValues)[] = ['labels', 'require', 'prefer', 'priority', 'siteId'];

/** Where the camera may run. Opens by itself when something in it is wrong. */
export function CameraAdvancedFields({ form }: { form: UseFormReturnType<CameraFormValues> }) {
  const { sites, workerLabels, cameraLabels } = useKnownPlaces();
  const tags = {
    splitChars: [','],
    clearable: true,
    clearButtonProps: { 'aria-label': 'Take all away' },
    placeholder: 'name=value',
  };
  return (
    <Fold title="Advanced" forceOpen={FIELDS.some((field) => form.errors[field])}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Autocomplete
            label="Site"
            description="Workers there come first."
            data={sites}
            {...form.getInputProps('siteId')}
          />
          <NumberInput
            label="Priority"
            description="0 to 100: the higher goes first."
            min={0}
            max={100}
            {...form.getInputProps('priority')}
          />
        </SimpleGrid>
        <TagsInput
          label="Runs only on workers with"
          description="Every one of these labels; a worker's site=… and model=… count as labels."
          data={workerLabels}
          {...tags}
          {...form.getInputProps('require')}
        />
        <TagsInput
          label="Runs rather on workers with"
          description="As many of these as can be had."
          data={workerLabels}
          {...tags}
          {...form.getInputProps('prefer')}
        />
        <TagsInput
          label="Labels of this camera"
          description="For your own order."
          data={cameraLabels}
          {...tags}
          {...form.getInputProps('labels')}
        />
        <Switch
          label="Only one may read it at a time"
          description="For a camera that refuses a second connection. It then moves to another worker with a short gap."
          {...form.getInputProps('exclusive', { type: 'checkbox' })}
        />
      </Stack>
    </Fold>
  );
}
