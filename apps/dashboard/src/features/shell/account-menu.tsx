import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconKey, IconLogout, IconUser } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { logout } from '../../api/access';
import { KEYS } from '../../api/query-keys';
import { notifyError } from '../../components/notify';
import { PasswordModal } from '../access/password-modal';
import { useMe } from '../session/session';

export function AccountMenu() {
  const { data: me } = useMe();
  const queries = useQueryClient();
  const [passwordOpened, password] = useDisclosure(false);
  const signOut = useMutation({
    mutationFn: logout,
    onSuccess: () => {
      queries.setQueryData(KEYS.me, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEYS.me[0] });
    },
    onError: (error) => notifyError('Signing out failed', error),
  });
  if (!me) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            size="compact-md"
            leftSection={<IconUser size={17} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
            aria-label={`Account of ${me.name}`}
          >
            {me.name}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Role: {me.role}</Menu.Label>
          {me.kind === 'user' && (
            <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={password.open}>
              Change password
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <PasswordModal
        user={passwordOpened ? { id: me.id, username: me.name } : null}
        onClose={password.close}
      />
    </>
  );
}
