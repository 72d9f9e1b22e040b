import type { UserView } from '@camfleet/protocol';
import { Group, Table, VisuallyHidden } from '@mantine/core';
import { IconKey, IconTrash } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { updateUser } from '../../api/access';
import { KEYS } from '../../api/query-keys';
import { IconAction } from '../../components/icon-action';
import { notifyError } from '../../components/notify';
import { localDateTime } from '../../components/time';
import { HUMAN_ROLES, type HumanRole } from '../session/role';
import { RoleSelect } from './role-select';

export interface UserTableProps {
  users: readonly UserView[];
  onPassword: (user: UserView) => void;
  onDelete: (user: UserView) => void;
}

export function UserTable({ users, onPassword, onDelete }: UserTableProps) {
  const queries = useQueryClient();
  const changeRole = useMutation({
    mutationFn: ({ id, role }: { id: string; role: HumanRole }) => updateUser(id, { role }),
    onError: (error) => notifyError('The role was not changed', error),
    onSettled: () => queries.invalidateQueries({ queryKey: KEYS.users }),
  });
  return (
    <Table.ScrollContainer minWidth={320}>
      <Table aria-label="Users">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>User name</Table.Th>
            <Table.Th>Role</Table.Th>
            <Table.Th visibleFrom="md">Since</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.id}>
              <Table.Td>{user.username}</Table.Td>
              <Table.Td>
                <RoleSelect
                  aria-label={`Role of ${user.username}`}
                  roles={HUMAN_ROLES}
                  value={HUMAN_ROLES.find((role) => role === user.role) ?? 'viewer'}
                  onChange={(role) => changeRole.mutate({ id: user.id, role })}
                />
              </Table.Td>
              <Table.Td visibleFrom="md">{localDateTime(user.createdAt)}</Table.Td>
              <Table.Td>
                <Group gap={4} justify="flex-end" wrap="nowrap">
                  <IconAction
                    label={`New password of ${user.username}`}
                    icon={IconKey}
                    onClick={() => onPassword(user)}
                  />
                  <IconAction
                    label={`Delete ${user.username}`}
                    icon={IconTrash}
                    onClick={() => onDelete(user)}
                  />
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
