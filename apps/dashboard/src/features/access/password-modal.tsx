import { UpdateUserRequest } from '@camfleet/protocol';
import { Alert, Button, Group, Modal, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { updateUser } from '../../api/access';
import { errorInWords } from '../../api/api-error';
import { issueInWords } from '../../api/issue-in-words';
import { notifyDone } from '../../components/notify';

export interface PasswordModalProps {
  /** Whose password; closed when there is nobody. */
  user: { id: string; username: string } | null;
  onClose: () => void;
}

export function PasswordModal({ user, onClose }: PasswordModalProps) {
  return (
    <Modal
      opened={user !== null}
      onClose={onClose}
      title={`New password of ${user?.username ?? ''}`}
      centered
    >
      {user && <PasswordForm userId={user.id} onClose={onClose} />}
    </Modal>
  );
}

function PasswordForm({ userId, onClose }: { userId: string; onClose: () => void }) {
  const form = useForm({
    initialValues: { password: '', again: '' },
    validate: {
      password: (password) => issueInWords(UpdateUserRequest.safeParse({ password }).error),
      again: (again, { password }) => (again === password ? null : 'The two passwords differ'),
    },
  });
  const save = useMutation({
    mutationFn: (password: string) => updateUser(userId, { password }),
    onSuccess: () => {
      notifyDone('The password is changed.');
      onClose();
    },
  });
  return (
    <form onSubmit={form.onSubmit(({ password }) => save.mutate(password))} noValidate>
      <Stack>
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        <PasswordInput label="Once more" autoComplete="new-password" {...form.getInputProps('again')} />
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
            Change password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
