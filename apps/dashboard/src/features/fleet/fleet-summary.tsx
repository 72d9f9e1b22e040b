import type { Camera, WorkerView } from '@camfleet/protocol';
import { Text } from '@mantine/core';

/** The fleet in one line: `2 of 3 workers online, 12 of 14 cameras live, room for 6 more`. */
export function FleetSummary({
  cameras,
  workers,
}: {
  cameras: readonly Camera[];
  workers: readonly WorkerView[];
}) {
  const online = workers.filter(({ state }) => state === 'online');
  const wanted = cameras.filter(({ desired }) => desired === 'running');
  const live = wanted.filter(({ stream }) => stream.state === 'streaming');
  const room = online.reduce((sum, one) => sum + Math.max(0, one.capacity.cameras - one.cameras.length), 0);
  return (
    <Text size="sm" c="dimmed">
      {[
        `${online.length} of ${workers.length} workers online`,
        `${live.length} of ${wanted.length} cameras live`,
        `room for ${room} more`,
      ].join(', ')}
    </Text>
  );
}
