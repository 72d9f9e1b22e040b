import type { WorkerView } from '@camfleet/protocol';
import { Anchor, Badge, Card, Group, List, Progress, Stack, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { StreamBadge } from '../../components/stream-badge';
import { durationInWords, localDateTime } from '../../components/time';
import { useNow } from '../../components/use-now';
import { WorkerActions } from './worker-actions';

const LOOKS: Readonly<Record<WorkerView['state'], { words: string; color: string }>> = {
  registered: { words: 'Joining', color: 'blue' },
  online: { words: 'Online', color: 'green' },
  suspect: { words: 'Not answering', color: 'yellow' },
  lost: { words: 'Lost', color: 'red' },
  draining: { words: 'Handing over', color: 'blue' },
  drained: { words: 'Drained', color: 'gray' },
  removed: { words: 'Removed', color: 'gray' },
};

export function WorkerCard({ worker }: { worker: WorkerView }) {
  const { words, color } = LOOKS[worker.state];
  const gone = worker.state === 'lost' || worker.state === 'removed';
  return (
    <Card component="article" withBorder padding="md" aria-label={`Worker ${worker.name}`}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <div>
            <Title order={2} size="h5">
              {worker.name}
            </Title>
            <Text size="xs" c="dimmed">
              {`Version ${worker.version}`}
              {worker.siteId && `, site ${worker.siteId}`}
            </Text>
          </div>
          <Badge variant="dot" color={color} tt="none" fw={500} miw="fit-content">
            {words}
          </Badge>
        </Group>
        {worker.load && !gone && (
          <Group grow gap="md">
            <Meter label="Processor" share={worker.load.cpu} />
            <Meter label="Memory" share={worker.load.memory} />
          </Group>
        )}
        <div>
          <Group justify="space-between">
            <Text size="sm" fw={600}>
              Cameras
            </Text>
            <Text size="sm" c="dimmed">
              {`${worker.cameras.length} of ${worker.capacity.cameras}`}
            </Text>
          </Group>
          <WorkerCameras worker={worker} />
        </div>
        <Group justify="space-between">
          <Heartbeat at={worker.lastHeartbeatAt} />
          <WorkerActions worker={worker} />
        </Group>
      </Stack>
    </Card>
  );
}

/** `share`: 0 to 1. */
function Meter({ label, share }: { label: string; share: number }) {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div>
      <Group justify="space-between">
        <Text size="xs">{label}</Text>
        <Text size="xs" style={{ fontVariantNumeric: 'tabular-nums' }}>{`${percent} %`}</Text>
      </Group>
      <Progress
        value={percent}
        color={percent > 90 ? 'red' : percent > 75 ? 'yellow' : 'indigo'}
        aria-label={label}
        mt={4}
      />
    </div>
  );
}

function WorkerCameras({ worker }: { worker: WorkerView }) {
  if (worker.cameras.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  return (
    <List listStyleType="none" spacing={4} mt={4} size="sm">
      {worker.cameras.map((camera) => (
        <List.Item
          key={`${camera.cameraId}:${camera.epoch}`}
          styles={{ itemWrapper: { width: '100%' }, itemLabel: { width: '100%' } }}
        >
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Anchor
              component={Link}
              to={`/?camera=${encodeURIComponent(camera.cameraId)}`}
              size="sm"
              truncate
            >
              {camera.name}
            </Anchor>
            <StreamBadge state={camera.state} />
          </Group>
        </List.Item>
      ))}
    </List>
  );
}

function Heartbeat({ at }: { at: string | null }) {
  const now = useNow();
  if (at === null)
    return (
      <Text size="xs" c="dimmed">
        Never heard of
      </Text>
    );
  return (
    <Text size="xs" c="dimmed" title={localDateTime(at)}>
      {`Last heard ${durationInWords(now - Date.parse(at))} ago`}
    </Text>
  );
}
