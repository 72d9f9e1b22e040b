import { Button, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock } from '@tabler/icons-react';
import { EmptyState } from '../components/empty-state';
import { PageHeader } from '../components/page-header';
import { KeysSection } from '../features/access/keys-section';
import { PasswordModal } from '../features/access/password-modal';
import { UsersSection } from '../features/access/users-section';
import { RetentionSection } from '../features/retention/retention-section';
import { useMay, useMe } from '../features/session/session';

export function SettingsPage() {
  const admin = useMay('admin');
  const { data: me } = useMe();
  const [opened, password] = useDisclosure(false);
  return (
    <>
      <PageHeader title="Settings">
        {me?.kind === 'user' && (
          <Button variant="default" onClick={password.open}>
            Change my password
          </Button>
        )}
      </PageHeader>
      {admin ? (
        <Stack gap="xl">
          <UsersSection />
          <KeysSection />
          <RetentionSection />
        </Stack>
      ) : (
        <EmptyState
          icon={IconLock}
          title="For administrators"
          text="Users and API keys are kept by administrators."
        />
      )}
      <PasswordModal user={opened && me ? { id: me.id, username: me.name } : null} onClose={password.close} />
    </>
  );
}
