import type { CreateKeyRequest } from '@camfleet/protocol';
import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { createKey } from '../../api/access';
import { errorInWords } from '../../api/api-error';
import { KEYS } from '../../api/query-keys';
import { HUMAN_ROLES } from '../session/role';
import { RoleSelect } from './role-select';

const KEY_ROLES = [...HUMAN_ROLES, 'worker'] as const;

export function KeyFormModal({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an API key" centered closeOnClickOutside={false}>
      {opened && <KeyForm onClose={onClose} />}
    </Modal>
  );
}

/** Makes a key, then shows it for the only time. */
function KeyForm({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const form = useForm<CreateKeyRequest>({
    initialValues: { name: '', role: 'viewer' },
    validate: { name: (name) => (name.trim() ? null : 'Say what the key is for') },
  });
  const create = useMutation({
    mutationFn: createKey,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.keys }),
  });
  if (create.data) return <NewKey secret={create.data.key} onClose={onClose} />;
  return (
    <form onSubmit={form.onSubmit((values) => create.mutate(values))} noValidate>
      <Stack>
        <TextInput label="Name" placeholder="Night report" data-autofocus {...form.getInputProps('name')} />
        <RoleSelect
          label="Role"
          roles={KEY_ROLES}
          value={form.values.role}
          onChange={(role) => form.setFieldValue('role', role)}
        />
        {create.isError && (
          <Alert color="red" role="alert">
            {errorInWords(create.error)}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function NewKey({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack>
      <Text size="sm">Copy the key now: it is not shown again.</Text>
      <Code block aria-label="The new key">
        {secret}
      </Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}
