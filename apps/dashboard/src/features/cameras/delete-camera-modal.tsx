import type { Camera } from '@camfleet/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteCamera } from '../../api/cameras';
import { KEYS } from '../../api/query-keys';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyDone } from '../../components/notify';

export function DeleteCameraModal({ camera, onClose }: { camera: Camera | null; onClose: () => void }) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (doomed: Camera) => deleteCamera(doomed.id),
    onSuccess: async (_, doomed) => {
      await queries.invalidateQueries({ queryKey: KEYS.cameras });
      notifyDone(`${doomed.name} was deleted.`);
      onClose();
    },
  });
  return (
    <ConfirmModal
      opened={camera !== null}
      title={`Delete ${camera?.name ?? ''}?`}
      action="Delete"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => camera && remove.mutate(camera)}
      onClose={() => {
        remove.reset();
        onClose();
      }}
    >
      {camera?.desired === 'running' && 'It is running and will be stopped. '}
      Its settings are deleted for good; its events stay.
    </ConfirmModal>
  );
}
