import type { KeyView } from '@camfleet/protocol';
import { Button, Table, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteKey, listKeys } from '../../api/access';
import { KEYS } from '../../api/query-keys';
import { ConfirmModal } from '../../components/confirm-modal';
import { IconAction } from '../../components/icon-action';
import { localDateTime } from '../../components/time';
import { KeyFormModal } from './key-form-modal';
import { Section } from './section';

export function KeysSection() {
  const queries = useQueryClient();
  const keys = useQuery<KeyView[]>({ queryKey: KEYS.keys, queryFn: ({ signal }) => listKeys(signal) });
  const [adding, add] = useDisclosure(false);
  const [doomed, setDoomed] = useState<KeyView | null>(null);
  const remove = useMutation({
    mutationFn: (key: KeyView) => deleteKey(key.id),
    onSuccess: () => {
      setDoomed(null);
      return queries.invalidateQueries({ queryKey: KEYS.keys });
    },
  });
  return (
    <>
      <Section
        title="API keys"
        text="For programs and workers. A key is shown once, when it is made."
        query={keys}
        empty="There is no key yet."
        action={<Button onClick={add.open}>Create key</Button>}
      >
        {(items) => <KeyTable keys={items} onDelete={setDoomed} />}
      </Section>
      <KeyFormModal opened={adding} onClose={add.close} />
      <ConfirmModal
        opened={doomed !== null}
        title={`Delete the key ${doomed?.name ?? ''}?`}
        action="Delete"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => doomed && remove.mutate(doomed)}
        onClose={() => {
          remove.reset();
          setDoomed(null);
        }}
      >
        Whatever uses it is refused from now on.
      </ConfirmModal>
    </>
  );
}

function KeyTable({ keys, onDelete }: { keys: readonly KeyView[]; onDelete: (key: KeyView) => void }) {
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table aria-label="API keys">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th visibleFrom="md">Since</Table.Th>
            <Table.Th visibleFrom="sm">Last used</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>{key.name}</Table.Td>
              <Table.Td>{key.role}</Table.Td>
              <Table.Td visibleFrom="md">{localDateTime(key.createdAt)}</Table.Td>
              <Table.Td visibleFrom="sm">
                {key.lastUsedAt === null ? 'Never' : localDateTime(key.lastUsedAt)}
              </Table.Td>
              <Table.Td align="right">
                <IconAction
                  label={`Delete the key ${key.name}`}
                  icon={IconTrash}
                  onClick={() => onDelete(key)}
                />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
