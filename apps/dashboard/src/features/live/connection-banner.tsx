import { Alert, Button, Group } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import classes from './connection-banner.module.css';
import { useConnectionLost, useLiveClient } from './live-provider';

/** Says that the server is gone, as long as it is. */
export function ConnectionBanner() {
  const client = useLiveClient();
  const lost = useConnectionLost();
  return (
    <div role="status" aria-live="polite">
      {lost && (
        <Alert
          color="orange"
          icon={<IconPlugConnectedX size={18} aria-hidden />}
          p="xs"
          className={classes.banner ?? ''}
          title="Connection lost"
        >
          <Group justify="space-between" gap="xs">
            <span>What you see may be out of date. Reconnecting by itself.</span>
            <Button size="compact-sm" variant="default" onClick={() => client.reconnectNow()}>
              Try now
            </Button>
          </Group>
        </Alert>
      )}
    </div>
  );
}
