import type { Camera } from '@camfleet/protocol';
import { Text } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { Fold } from '../../components/fold';
import { ZoneEditor } from '../zones/zone-editor';
import type { CameraFormValues } from './camera-form-values';

export interface CameraZoneFieldsProps {
  form: UseFormReturnType<CameraFormValues>;
  camera: Camera | null;
  /** What the test of the source showed, as a data URL: newer than what is stored. */
  testPicture: string | undefined;
}

/** Where in the picture something counts. */
export function CameraZoneFields({ form, camera, testPicture }: CameraZoneFieldsProps) {
  const { zones } = form.values;
  const title = zones.length === 0 ? 'Zones and lines' : `Zones and lines (${zones.length})`;
  const picture =
    testPicture ?? (camera ? `/api/cameras/${encodeURIComponent(camera.id)}/snapshot.jpg` : undefined);
  return (
    <Fold title={title} forceOpen={Boolean(form.errors.zones)}>
      <ZoneEditor
        zones={zones}
        pictureUrl={picture}
        onChange={(changed) => form.setFieldValue('zones', changed)}
      />
      {form.errors.zones && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert" mt="xs">
          {form.errors.zones}
        </Text>
      )}
    </Fold>
  );
}
