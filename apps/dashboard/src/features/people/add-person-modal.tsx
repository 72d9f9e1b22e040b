import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { errorInWords } from '../../api/api-error';
import { createPerson } from '../../api/people';
import { KEYS } from '../../api/query-keys';

/** Somebody new by name; their page, which opens, takes the photos. */
export function AddPersonModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a person" centered>
      {opened && <AddPersonForm onClose={onClose} />}
    </Modal>
  );
}

function AddPersonForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { name: '' },
    validate: { name: (name) => (name.trim() ? null : 'Write a name') },
  });
  const add = useMutation({
    mutationFn: createPerson,
    onSuccess: async ({ id }) => {
      onClose();
      await navigate(`/people/${encodeURIComponent(id)}`);
      await queries.invalidateQueries({ queryKey: KEYS.people });
    },
  });
  return (
    <form onSubmit={form.onSubmit(({ name }) => add.mutate({ name: name.trim() }))} noValidate>
      <Stack>
        <TextInput
          label="Name"
          description="Photos come next."
          maxLength={200}
          required
          data-autofocus
          autoComplete="off"
          {...form.getInputProps('name')}
        />
        {add.isError && (
          <Alert color="red" role="alert">
            {errorInWords(add.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={add.isPending}>
            Add
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
