import { Card, Group, Progress, Stack, Text, Title } from '@mantine/core';
import { durationInWords, localDateTime } from '../../components/time';
import { useNow } from '../../components/use-now';
import type { FleetWorker } from '../fleet/fleet-view';
import { WorkerAbilities } from './worker-abilities';
import { WorkerActions } from './worker-actions';
import { WorkerCameras } from './worker-cameras';
import { WorkerBadge, workerStateColor } from './worker-state';
import classes from './workers.module.css';

/** One worker: how it is, what it runs, what it could run, and what may be done with it. */
export function WorkerCard({ worker }: { worker: FleetWorker }) {
  const gone = worker.state === 'lost' || worker.state === 'removed';
  return (
    <Card
      component="article"
      withBorder
      padding="md"
      className={classes.card ?? ''}
      style={{ borderInlineStartColor: `var(--mantine-color-${workerStateColor(worker.state)}-6)` }}
      aria-label={`Worker ${worker.name}`}
    >
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Title order={3} size="h5" style={{ overflowWrap: 'anywhere' }}>
            {worker.name}
          </Title>
          <WorkerBadge state={worker.state} />
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
        <WorkerAbilities worker={worker} />
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
