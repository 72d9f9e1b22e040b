import { CreateUserRequest } from '@camfleet/protocol';
import { Alert, Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createUser } from '../../api/access';
import { errorInWords } from '../../api/api-error';
import { issueInWords } from '../../api/issue-in-words';
import { KEYS } from '../../api/query-keys';
import { HUMAN_ROLES } from '../session/role';
import { RoleSelect } from './role-select';

export function UserFormModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a user" centered>
      {opened && <UserForm onClose={onClose} />}
    </Modal>
  );
}

function UserForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm<CreateUserRequest>({
    initialValues: { username: '', password: '', role: 'viewer' },
    validate: {
      username: (username) => (username.trim() ? null : 'Give a user name'),
      password: (password) => issueInWords(CreateUserRequest.shape.password.safeParse(password).error),
    },
  });
  const save = useMutation({
    mutationFn: createUser,
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: KEYS.users });
      onClose();
    },
  });
  return (
    <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
      <Stack>
        <TextInput label="User name" autoComplete="off" data-autofocus {...form.getInputProps('username')} />
        <PasswordInput label="Password" autoComplete="new-password" {...form.getInputProps('password')} />
        <RoleSelect
          label="Role"
          roles={HUMAN_ROLES}
          value={form.values.role}
          onChange={(role) => form.setFieldValue('role', role)}
        />
        {save.isError && (
          <Alert color="red" role="alert">
            {errorInWords(save.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Add user
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
