import type { VideoLogEntry } from '@camfleet/protocol';
import { Badge, Table, Text } from '@mantine/core';
import { QueryList } from '../../components/query-list';
import { localTime } from '../../components/time';
import { useWorkerName } from '../workers/use-workers';
import { logInWords } from './log-words';
import { useVideoLog } from './use-findings';

const COLORS: Readonly<Record<VideoLogEntry['level'], string>> = {
  info: 'gray',
  warn: 'yellow',
  error: 'red',
};

/** What happened to a video, oldest first. */
export function LogSection({ videoId }: { videoId: string }) {
  const workerName = useWorkerName();
  return (
    <QueryList
      query={useVideoLog(videoId)}
      loading="Loading the log"
      empty={
        <Text size="sm" c="dimmed" py="md">
          Nothing was noted yet.
        </Text>
      }
    >
      {(lines) => (
        <Table verticalSpacing={4} aria-label="Log">
          <Table.Tbody>
            {lines.map(({ at, level, event, data }, index) => (
              <Table.Tr key={`${at} ${index}`}>
                <Table.Td w={1} style={{ whiteSpace: 'nowrap' }} valign="top">
                  <Text size="xs" c="dimmed">
                    <time dateTime={at}>{localTime(at)}</time>
                  </Text>
                </Table.Td>
                <Table.Td>
                  {level !== 'info' && (
                    <Badge size="xs" color={COLORS[level]} tt="none" mr="xs">
                      {level === 'warn' ? 'Warning' : 'Error'}
                    </Badge>
                  )}
                  <Text size="sm" component="span" style={{ overflowWrap: 'anywhere' }}>
                    {logInWords({ at, event, data }, workerName) ?? `${event} ${fieldsInWords(data)}`}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </QueryList>
  );
}

/** `codec: h264, frames: 240`. */
const fieldsInWords = (data: VideoLogEntry['data']) =>
  Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
