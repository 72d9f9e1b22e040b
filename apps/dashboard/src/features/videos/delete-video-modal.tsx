import type { Video } from '@camfleet/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KEYS } from '../../api/query-keys';
import { deleteVideo } from '../../api/videos';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyDone } from '../../components/notify';

export interface DeleteVideoModalProps {
  video: Video | null;
  onClose: () => void;
  onDeleted?: () => void;
}

export function DeleteVideoModal({ video, onClose, onDeleted }: DeleteVideoModalProps) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: (doomed: Video) => deleteVideo(doomed.id),
    onSuccess: async (_, doomed) => {
      notifyDone(`${doomed.fileName} was deleted.`);
      onClose();
      onDeleted?.();
      await queries.invalidateQueries({ queryKey: [...KEYS.videos, 'list'] });
    },
  });
  return (
    <ConfirmModal
      opened={video !== null}
      title={`Delete ${video?.fileName ?? ''}?`}
      action="Delete"
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => video && remove.mutate(video)}
      onClose={() => {
        remove.reset();
        onClose();
      }}
    >
      The recording and everything that was found in it, frames, snapshots and faces, are deleted for good.
    </ConfirmModal>
  );
}
