import { Anchor, Button, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'react-router';
import { StreamBadge } from '../../components/stream-badge';
import { HistoryButton } from '../cameras/history-button';
import type { FleetCamera, FleetWorker } from '../fleet/fleet-view';
import classes from './workers.module.css';

/** Rows shown at once; a worker may run hundreds. */
const SHOWN = 8;

/** What a worker runs. A camera that has just come from another worker stands out. */
export function WorkerCameras({ worker }: { worker: FleetWorker }) {
  const [all, { toggle }] = useDisclosure(false);
  const { cameras, name } = worker;
  if (cameras.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  return (
    <>
      <ul className={classes.cameras} aria-label={`Cameras of ${name}`}>
        {(all ? cameras : cameras.slice(0, SHOWN)).map((camera) => (
          <CameraRow key={`${camera.cameraId}:${camera.epoch}`} camera={camera} />
        ))}
      </ul>
      {cameras.length > SHOWN && (
        <Button size="compact-xs" variant="subtle" mt={4} onClick={toggle} aria-expanded={all}>
          {all ? 'Show fewer' : `Show all ${cameras.length}`}
        </Button>
      )}
    </>
  );
}

function CameraRow({ camera }: { camera: FleetCamera }) {
  const { cameraId, name, state, arrived, note } = camera;
  return (
    <li className={classes.camera} data-arrived={arrived}>
      <div className={classes.name}>
        <Anchor
          component={Link}
          to={`/?camera=${encodeURIComponent(cameraId)}`}
          size="sm"
          truncate
          display="block"
        >
          {name}
        </Anchor>
        {note && (
          <Text size="xs" c="dimmed">
            {note}
          </Text>
        )}
      </div>
      <StreamBadge state={state} />
      <HistoryButton cameraId={cameraId} cameraName={name} />
    </li>
  );
}
