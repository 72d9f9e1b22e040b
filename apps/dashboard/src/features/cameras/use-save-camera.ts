import type { Camera } from '@camfleet/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createCamera, switchStream, updateCamera } from '../../api/cameras';
import { KEYS } from '../../api/query-keys';
import { notifyDone, notifyError } from '../../components/notify';
import { changesOf, newCameraOf, type CameraFormValues } from './camera-form-values';

/** Saves the form. A camera that was saved but did not start is said to be so, and stays. */
export function useSaveCamera(camera: Camera | null, onSaved: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (values: CameraFormValues) => {
      if (camera) return updateCamera(camera.id, changesOf(values, camera));
      const created = await createCamera(newCameraOf(values));
      if (values.startNow)
        await switchStream(created.id, 'start').catch((error: unknown) =>
          notifyError(`${created.name} was added, but did not start`, error),
        );
      return created;
    },
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries({ queryKey: KEYS.cameras });
      notifyDone(camera ? `${name} was saved.` : `${name} was added.`);
      onSaved();
    },
  });
}
