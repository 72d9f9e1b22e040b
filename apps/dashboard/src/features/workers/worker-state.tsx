import type { WorkerView } from '@camfleet/protocol';
import { Badge } from '@mantine/core';

const LOOKS: Readonly<Record<WorkerView['state'], { words: string; color: string }>> = {
  registered: { words: 'Joining', color: 'blue' },
  online: { words: 'Online', color: 'green' },
  suspect: { words: 'Not answering', color: 'yellow' },
  lost: { words: 'Lost', color: 'red' },
  draining: { words: 'Handing over', color: 'blue' },
  drained: { words: 'Drained', color: 'gray' },
  removed: { words: 'Removed', color: 'gray' },
};

export const workerStateColor = (state: WorkerView['state']) => LOOKS[state].color;

export function WorkerBadge({ state }: { state: WorkerView['state'] }) {
  const { words, color } = LOOKS[state];
  return (
    <Badge variant="dot" color={color} tt="none" fw={500} miw="fit-content">
      {words}
    </Badge>
  );
}
