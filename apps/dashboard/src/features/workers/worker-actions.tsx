import type { WorkerView } from '@camfleet/protocol';
import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { KEYS } from '../../api/query-keys';
import { removeWorker, switchWorker } from '../../api/workers';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyError } from '../../components/notify';
import type { FleetWorker } from '../fleet/fleet-view';
import { placesElsewhere } from '../fleet/sites';
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

/** Asks first only when cameras would stand still: when others have no room for them. */
function DrainButton({ worker }: { worker: FleetWorker }) {
  const queries = useQueryClient();
  const [room, setRoom] = useState(0);
  const [confirming, confirm] = useDisclosure(false);
  const drain = useSwitch(worker, confirm.close);
  const count = worker.cameras.length;
  function onClick() {
    const elsewhere = placesElsewhere(worker.id, queries.getQueryData<WorkerView[]>(KEYS.workers) ?? []);
    if (elsewhere >= count) return drain.mutate('drain');
    setRoom(elsewhere);
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
        {room === 0
          ? `No other worker has room: ${cameras(count)} would show nothing until one has.`
          : `Other workers have room for ${room} only: ${cameras(count - room)} would show nothing until there is more.`}
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
