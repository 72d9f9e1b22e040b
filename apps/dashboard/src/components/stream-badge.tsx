import type { StreamStatus } from '@camfleet/protocol';
import { Badge } from '@mantine/core';

const LOOKS: Readonly<Record<StreamStatus['state'], { words: string; color: string }>> = {
  streaming: { words: 'Live', color: 'green' },
  starting: { words: 'Starting', color: 'blue' },
  reconnecting: { words: 'Reconnecting', color: 'yellow' },
  failed: { words: 'Failed', color: 'red' },
  stopped: { words: 'Stopped', color: 'gray' },
};

export const streamStateInWords = (state: StreamStatus['state']) => LOOKS[state].words;

/** A stream's state by word and colour, never by colour alone. */
export function StreamBadge({ state }: { state: StreamStatus['state'] }) {
  const { words, color } = LOOKS[state];
  return (
    <Badge variant="dot" color={color} tt="none" fw={500} miw="max-content">
      {words}
    </Badge>
  );
}
