import type { Person } from '@camfleet/protocol';
import { Checkbox, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { deletePerson } from '../../api/people';
import { KEYS } from '../../api/query-keys';
import { ConfirmModal } from '../../components/confirm-modal';
import { notifyDone } from '../../components/notify';
import { useWhoIsWhoChanged } from './use-people';

export interface Deletion {
  /** By law: with every picture and everything that shows how they look. */
  erase: boolean;
}

export interface DeletePersonModalProps {
  person: Person;
  deletion: Deletion | null;
  onClose: () => void;
}

/** Asks before somebody is forgotten; twice when everything of theirs goes. */
export function DeletePersonModal({ person, deletion, onClose }: DeletePersonModalProps) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const changed = useWhoIsWhoChanged();
  const [sure, setSure] = useState(false);
  const erase = deletion?.erase ?? false;
  const remove = useMutation({
    mutationFn: () => deletePerson(person.id, { erase }),
    onSuccess: async () => {
      onClose();
      await navigate('/people', { replace: true });
      queries.removeQueries({ queryKey: [...KEYS.people, 'one', person.id] });
      notifyDone(
        erase ? `${person.name} and everything of theirs was deleted.` : `${person.name} was deleted.`,
      );
      await changed();
    },
  });
  return (
    <ConfirmModal
      opened={deletion !== null}
      title={erase ? `Delete ${person.name} with everything?` : `Delete ${person.name}?`}
      action={erase ? 'Delete everything' : 'Delete'}
      pending={remove.isPending}
      error={remove.error}
      blocked={erase && !sure}
      onConfirm={() => remove.mutate()}
      onClose={() => {
        setSure(false);
        remove.reset();
        onClose();
      }}
    >
      {erase ? (
        <Stack gap="sm">
          <Text size="sm">
            {`Every face, every picture of the ${person.visits} visits, and what tells the face from others is deleted for good. That somebody was there stays on record, without a picture and a name.`}
          </Text>
          <Checkbox
            label="I know that this cannot be undone"
            checked={sure}
            onChange={({ currentTarget }) => setSure(currentTarget.checked)}
          />
        </Stack>
      ) : (
        <Text size="sm">
          The name and the faces are deleted. Visits stay, and become those of somebody unknown. For requests
          by law there is «Delete with everything».
        </Text>
      )}
    </ConfirmModal>
  );
}
