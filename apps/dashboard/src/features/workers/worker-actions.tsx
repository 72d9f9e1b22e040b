import type { WorkerView } from '@camfleet/protocol';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { KEYS } from '../../api/query-keys';
import { removeWorker, switchWorker } from '../../api/workers';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyError } from '../../components/notify';
import { useMay } from '../session/session';

/** Hand over a worker's cameras, take it back, or forget one that is gone. */
export function WorkerActions({ worker }: { worker: WorkerView }) {
  const mayDrain = useMay('operator');
  const mayRemove = useMay('admin');
  const queries = useQueryClient();
  const [confirming, confirm] = useDisclosure(false);
  const refresh = () => queries.invalidateQueries({ queryKey: KEYS.workers });
  const change = useMutation({
    mutationFn: (action: 'drain' | 'resume') => switchWorker(worker.id, action),
    onSuccess: refresh,
    onError: (error) => notifyError(`${worker.name} did not change`, error),
  });
  const remove = useMutation({
    mutationFn: () => removeWorker(worker.id),
    onSuccess: () => {
      confirm.close();
      return refresh();
    },
  });
  const drained = worker.state === 'draining' || worker.state === 'drained';
  return (
    <Group gap="xs">
      {mayDrain && worker.state === 'online' && (
        <Button
          size="compact-xs"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate('drain')}
        >
          Drain
        </Button>
      )}
      {mayDrain && drained && (
        <Button
          size="compact-xs"
          variant="default"
          loading={change.isPending}
          onClick={() => change.mutate('resume')}
        >
          Resume
        </Button>
      )}
      {mayRemove && (worker.state === 'lost' || worker.state === 'drained') && (
        <Button size="compact-xs" variant="light" color="red" onClick={confirm.open}>
          Remove
        </Button>
      )}
      <ConfirmModal
        opened={confirming}
        title={`Remove ${worker.name}?`}
        action="Remove"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={confirm.close}
      >
        It may not come back under this id until it is started anew.
      </ConfirmModal>
    </Group>
  );
}
