import type { Camera, WorkerView } from '@camfleet/protocol';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { KEYS } from '../../api/query-keys';
import { removeWorker, switchWorker } from '../../api/workers';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyError } from '../../components/notify';
import type { FleetWorker } from '../fleet/fleet-view';
import { camerasLeftOver } from '../fleet/sites';
import { useMay } from '../session/session';

/** Hand over a worker's cameras, take it back, or forget one that is gone. */
export function WorkerActions({ worker }: { worker: FleetWorker }) {
  const mayDrain = useMay('operator');
  const mayRemove = useMay('admin');
  const drained = worker.state === 'draining' || worker.state === 'drained';
  return (
    <Group gap="xs">
      {mayDrain && (worker.state === 'online' || worker.state === 'suspect') && (
        <DrainButton worker={worker} />
      )}
      {mayDrain && drained && <ResumeButton worker={worker} />}
      {mayRemove && (worker.state === 'lost' || worker.state === 'drained') && (
        <RemoveButton worker={worker} />
      )}
    </Group>
  );
}

/** Asks first only when cameras would stand still: when no other can take them. */
function DrainButton({ worker }: { worker: FleetWorker }) {
  const queries = useQueryClient();
  const [waiting, setWaiting] = useState(0);
  const [confirming, confirm] = useDisclosure(false);
  const drain = useSwitch(worker, confirm.close);
  const count = worker.cameras.length;
  function onClick() {
    const leftOver = camerasLeftOver(worker, {
      workers: queries.getQueryData<WorkerView[]>(KEYS.workers) ?? [],
      cameras: queries.getQueryData<Camera[]>(KEYS.cameras) ?? [],
    });
    if (leftOver === 0) return drain.mutate('drain');
    setWaiting(leftOver);
    confirm.open();
  }
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        loading={drain.isPending}
        aria-label={`Drain ${worker.name}`}
        onClick={onClick}
      >
        Drain
      </Button>
      <ConfirmModal
        opened={confirming}
        title={`Drain ${worker.name}?`}
        action="Drain"
        pending={drain.isPending}
        error={drain.error}
        onConfirm={() => drain.mutate('drain')}
        onClose={confirm.close}
      >
        {waiting === count
          ? `No other worker can take its cameras now: ${cameras(waiting)} will show nothing until one can.`
          : `Other workers can take ${count - waiting} of its ${count} cameras now: ${cameras(waiting)} will show nothing until there is room.`}
      </ConfirmModal>
    </>
  );
}

function ResumeButton({ worker }: { worker: FleetWorker }) {
  const resume = useSwitch(worker);
  return (
    <Button
      size="compact-xs"
      variant="default"
      loading={resume.isPending}
      aria-label={`Resume ${worker.name}`}
      onClick={() => resume.mutate('resume')}
    >
      Resume
    </Button>
  );
}

function useSwitch(worker: FleetWorker, onDone?: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (action: 'drain' | 'resume') => switchWorker(worker.id, action),
    onSuccess: () => {
      onDone?.();
      return queries.invalidateQueries({ queryKey: KEYS.workers });
    },
    onError: (error) => notifyError(`${worker.name} did not change`, error),
  });
}

function RemoveButton({ worker }: { worker: FleetWorker }) {
  const queries = useQueryClient();
  const [confirming, confirm] = useDisclosure(false);
  const remove = useMutation({
    mutationFn: () => removeWorker(worker.id),
    onSuccess: () => {
      confirm.close();
      return queries.invalidateQueries({ queryKey: KEYS.workers });
    },
  });
  return (
    <>
      <Button
        size="compact-xs"
        variant="light"
        color="red"
        aria-label={`Remove ${worker.name}`}
        onClick={confirm.open}
      >
        Remove
      </Button>
      <ConfirmModal
        opened={confirming}
        title={`Remove ${worker.name}?`}
        action="Remove"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate()}
        onClose={confirm.close}
      >
        The fleet forgets it for good: a worker of this id is turned away from now on.
      </ConfirmModal>
    </>
  );
}

const cameras = (count: number) => (count === 1 ? 'one camera' : `${count} cameras`);
