import type { Person } from '@camfleet/protocol';
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { notifications } from '@mantine/notifications';
import { errorInWords } from '../../api/api-error';
import { splitPerson } from '../../api/people';
import { useWhoIsWhoChanged } from './use-people';

export interface SplitModalProps {
  person: Person;
  /** The faces that are somebody else's; none: closed. */
  faceIds: readonly string[];
  onClose: () => void;
  onSplit: () => void;
}

/** Two were taken for one: the chosen faces become somebody new, and the visits follow the faces that they resemble. */
export function SplitModal(props: SplitModalProps) {
  const { faceIds, onClose } = props;
  return (
    <Modal opened={faceIds.length > 0} onClose={onClose} title="Somebody else" centered>
      {faceIds.length > 0 && <SplitForm {...props} />}
    </Modal>
  );
}

function SplitForm({ person, faceIds, onClose, onSplit }: SplitModalProps) {
  const [name, setName] = useState('');
  const changed = useWhoIsWhoChanged();
  const split = useMutation({
    mutationFn: () => splitPerson(person.id, { faceIds: [...faceIds], name: name.trim() }),
    onSuccess: async ({ id, name: newName }) => {
      onSplit();
      notifications.show({
        color: 'green',
        message: (
          <Link to={`/people/${encodeURIComponent(id)}`}>{`${newName} is a person of their own now.`}</Link>
        ),
      });
      await changed();
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        split.mutate();
      }}
    >
      <Stack>
        <Text size="sm">
          {faceIds.length === 1 ? 'The chosen face becomes' : `The ${faceIds.length} chosen faces become`} a
          new person. Visits that look like them follow.
        </Text>
        <TextInput
          label="Name"
          value={name}
          maxLength={200}
          required
          data-autofocus
          autoComplete="off"
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {split.isError && (
          <Alert color="red" role="alert">
            {errorInWords(split.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={split.isPending} disabled={!name.trim()}>
            Make a new person
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
