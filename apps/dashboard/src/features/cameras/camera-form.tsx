import type { Camera } from '@camfleet/protocol';
import { Alert, Button, Checkbox, Group, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconPhotoScan } from '@tabler/icons-react';
import { errorInWords } from '../../api/api-error';
import { useMay } from '../session/session';
import { CameraAdvancedFields } from './camera-advanced-fields';
import { CameraAnalysisFields } from './camera-analysis-fields';
import { CameraFormFields } from './camera-form-fields';
import {
  formErrors,
  initialValues,
  serverFormErrors,
  sourceOf,
  type CameraFormValues,
} from './camera-form-values';
import classes from './camera-form.module.css';
import { CameraZoneFields } from './camera-zone-fields';
import { ProbeOutcome } from './probe-outcome';
import { useProbe } from './use-probe';
import { useSaveCamera } from './use-save-camera';

/** Adds a camera, or changes one. The source can be tried before anything is saved. */
export function CameraForm({ camera, onClose }: { camera: Camera | null; onClose: () => void }) {
  const mayStart = useMay('operator');
  const form = useForm<CameraFormValues>({ initialValues: initialValues(camera), validate: formErrors });
  const probe = useProbe();
  const save = useSaveCamera(camera, onClose);

  function test() {
    if (form.validateField('url').hasError) return;
    probe.test({ source: sourceOf(form.values), cameraId: camera?.id });
  }

  function submit(values: CameraFormValues) {
    save.mutate(values, { onError: (error) => form.setErrors(serverFormErrors(error)) });
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack>
        <CameraFormFields form={form} camera={camera} />
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconPhotoScan size={17} aria-hidden />}
            loading={probe.isPending}
            onClick={test}
          >
            Test source
          </Button>
        </Group>
        <ProbeOutcome probe={probe} />
        <CameraAnalysisFields form={form} />
        <CameraZoneFields form={form} camera={camera} testPicture={probe.result?.snapshot} />
        <CameraAdvancedFields form={form} />
        {save.isError && (
          <Alert color="red" role="alert" title="Not saved">
            {errorInWords(save.error)}
          </Alert>
        )}
        <Group justify="space-between" className={classes.foot ?? ''}>
          {!camera && mayStart ? (
            <Checkbox label="Start it now" {...form.getInputProps('startNow', { type: 'checkbox' })} />
          ) : (
            <span />
          )}
          <Group gap="xs" className={classes.buttons ?? ''}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              {camera ? 'Save' : 'Add camera'}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
