import type { WorkerView } from '@camfleet/protocol';
import { Anchor, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { StreamBadge } from '../../components/stream-badge';
import { HistoryButton } from '../cameras/history-button';
import { useArrivals } from '../fleet/use-arrivals';
import classes from './workers.module.css';

/** Rows shown at once; a worker may run hundreds. */
const SHOWN = 8;

type Row = WorkerView['cameras'][number];

/** What a worker runs. A camera that has just come from another worker stands out, first in the list. */
export function WorkerCameras({ worker }: { worker: WorkerView }) {
  const [all, { toggle }] = useDisclosure(false);
  const arrivals = useArrivals(worker.id);
  if (worker.cameras.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  const ordered = [...worker.cameras].sort(
    (a, b) =>
      Number(arrivals.has(b.cameraId)) - Number(arrivals.has(a.cameraId)) || a.name.localeCompare(b.name),
  );
  const rows = all ? ordered : ordered.slice(0, SHOWN);
  return (
    <>
      <ul className={classes.cameras} aria-label={`Cameras of ${worker.name}`}>
        {rows.map((row) => (
          <CameraRow key={`${row.cameraId}:${row.epoch}`} row={row} arrival={arrivals.get(row.cameraId)} />
        ))}
      </ul>
      {ordered.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" mt={4} onClick={toggle} aria-expanded={all}>
          {all ? 'Show fewer' : `Show all ${ordered.length}`}
        </Button>
      )}
    </>
  );
}

function CameraRow({ row, arrival }: { row: Row; arrival: string | undefined }) {
  const note = HANDOVER[row.assignment] ?? arrival;
  return (
    <li className={classes.camera} data-arrived={arrival !== undefined}>
      <div className={classes.name}>
        <Anchor
          component={Link}
          to={`/?camera=${encodeURIComponent(row.cameraId)}`}
          size="sm"
          truncate
          display="block"
        >
          {row.name}
        </Anchor>
        {note && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </div>
      <StreamBadge state={row.state} />
      <HistoryButton cameraId={row.cameraId} cameraName={row.name} />
    </li>
  );
}

/** While it is handed over a camera is with two workers. */
const HANDOVER: Partial<Record<Row['assignment'], string>> = {
  standby: 'Taking it over',
  releasing: 'Handing it over',
};
