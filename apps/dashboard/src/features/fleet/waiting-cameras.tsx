import type { Camera } from '@camfleet/protocol';
import { Alert, Anchor, List, Text } from '@mantine/core';
import { IconHourglass } from '@tabler/icons-react';
import { Link } from 'react-router';
import { reasonInWords } from '../../api/error-words';
import { tagsOf } from '../cameras/label-tags';

/** Rows shown at once; when a site is lost, hundreds may wait. */
const SHOWN = 10;

export const isWaiting = ({ stream }: Camera) => stream.desired === 'running' && stream.workerId === null;

/** Cameras that should run and that no worker has, each with its reason. */
export function WaitingCameras({ cameras }: { cameras: readonly Camera[] }) {
  const waiting = cameras.filter(isWaiting).sort((a, b) => b.priority - a.priority);
  return (
    <div role="status" aria-live="polite">
      {waiting.length > 0 && (
        <Alert
          color="yellow"
          mb="md"
          icon={<IconHourglass size={18} aria-hidden />}
          title={
            waiting.length === 1
              ? 'A camera waits for a worker'
              : `${waiting.length} cameras wait for a worker`
          }
        >
          <List listStyleType="none" spacing={2} size="sm" aria-label="Cameras that wait">
            {waiting.slice(0, SHOWN).map(({ id, name, stream, require }) => (
              <List.Item key={id}>
                <Anchor component={Link} to={`/?camera=${encodeURIComponent(id)}`} fw={600} size="sm">
                  {name}
                </Anchor>
                {`: ${stream.reason ? reasonInWords(stream.reason) : 'It has just lost its worker.'}${requirement(require)}`}
              </List.Item>
            ))}
          </List>
          {waiting.length > SHOWN && <Text size="sm" c="dimmed">{`and ${waiting.length - SHOWN} more`}</Text>}
        </Alert>
      )}
    </div>
  );
}

/** What makes it hard to place. */
function requirement(labels: Camera['require']): string {
  const tags = tagsOf(labels);
  return tags.length > 0 ? ` It requires ${tags.join(', ')}.` : '';
}
