import {
  Alert,
  Button,
  Center,
  Group,
  Image,
  Paper,
  PasswordInput,
  Stack,
  TextInput,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Navigate, useLocation } from 'react-router';
import { login } from '../api/access';
import { errorInWords } from '../api/api-error';
import { KEYS } from '../api/query-keys';
import { returnPath } from '../features/session/return-path';
import { useMe } from '../features/session/session';

export function LoginPage() {
  const me = useMe();
  const { state } = useLocation();
  const queries = useQueryClient();
  const form = useForm({ initialValues: { username: '', password: '' } });
  const signIn = useMutation({
    mutationFn: login,
    // The log-in counts when the session's cookie does: ask who we are now.
    onSuccess: () => queries.invalidateQueries({ queryKey: KEYS.me }),
    onError: () => form.setFieldValue('password', ''),
  });
  if (me.data) return <Navigate to={returnPath(state)} replace />;
  return (
    <Center component="main" mih="100vh" p="md">
      <title>Sign in · Camfleet</title>
      <Paper withBorder p="xl" w={380} maw="100%" shadow="sm">
        <form onSubmit={form.onSubmit((values) => signIn.mutate(values))}>
          <Stack>
            <Group gap="sm">
              <Image src="/favicon.svg" w={32} h={32} alt="" />
              <Title order={1} size="h3">
                Sign in to Camfleet
              </Title>
            </Group>
            <TextInput
              label="User name"
              autoComplete="username"
              required
              withAsterisk={false}
              autoFocus
              {...form.getInputProps('username')}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              {...form.getInputProps('password')}
            />
            {(signIn.error ?? me.error) && (
              <Alert color="red" role="alert">
                {errorInWords(signIn.error ?? me.error)}
              </Alert>
            )}
            <Button type="submit" loading={signIn.isPending} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
