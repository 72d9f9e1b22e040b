import type { UserView } from '@camfleet/protocol';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { deleteUser, listUsers } from '../../api/access';
import { KEYS } from '../../api/query-keys';
import { ConfirmModal } from '../../components/confirm-modal';
import { PasswordModal } from './password-modal';
import { Section } from './section';
import { UserFormModal } from './user-form-modal';
import { UserTable } from './user-table';

export function UsersSection() {
  const queries = useQueryClient();
  const users = useQuery<UserView[]>({ queryKey: KEYS.users, queryFn: ({ signal }) => listUsers(signal) });
  const [adding, add] = useDisclosure(false);
  const [doomed, setDoomed] = useState<UserView | null>(null);
  const [changing, setChanging] = useState<UserView | null>(null);
  const remove = useMutation({
    mutationFn: (user: UserView) => deleteUser(user.id),
    onSuccess: () => {
      setDoomed(null);
      return queries.invalidateQueries({ queryKey: KEYS.users });
    },
  });
  return (
    <>
      <Section
        title="Users"
        text="People who sign in here. Viewers watch; operators also start and stop cameras, upload videos and name people; administrators also add, change and delete, and manage users."
        query={users}
        empty="There is no user yet."
        action={<Button onClick={add.open}>Add user</Button>}
      >
        {(items) => <UserTable users={items} onPassword={setChanging} onDelete={setDoomed} />}
      </Section>
      <UserFormModal opened={adding} onClose={add.close} />
      <PasswordModal user={changing} onClose={() => setChanging(null)} />
      <ConfirmModal
        opened={doomed !== null}
        title={`Delete ${doomed?.username ?? ''}?`}
        action="Delete"
        pending={remove.isPending}
        error={remove.error}
        onConfirm={() => doomed && remove.mutate(doomed)}
        onClose={() => {
          remove.reset();
          setDoomed(null);
        }}
      >
        They are signed out and cannot sign in again.
      </ConfirmModal>
    </>
  );
}
