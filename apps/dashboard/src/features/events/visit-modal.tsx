import { ActionIcon, Group, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useCameraName } from '../cameras/use-camera-name';
import type { Visit } from './visit';
import { VisitDetails } from './visit-details';
import { VisitPicture } from './visit-picture';
import classes from './visits.module.css';

export interface VisitModalProps {
  visits: readonly Visit[];
  openKey: string | null;
  onOpen: (key: string | null) => void;
}

/** A visit's snapshot, large. The arrow keys lead to its neighbours in the list. */
export function VisitModal({ visits, openKey, onOpen }: VisitModalProps) {
  const narrow = useMediaQuery('(max-width: 48em)');
  const cameraName = useCameraName();
  const index = visits.findIndex(({ key }) => key === openKey);
  const visit = visits[index];
  const [newer, older] = [visits[index - 1], visits[index + 1]];
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowLeft' && newer) onOpen(newer.key);
    if (event.key === 'ArrowRight' && older) onOpen(older.key);
  }
  return (
    <Modal
      opened={visit !== undefined}
      onClose={() => onOpen(null)}
      title={visit && `${visit.personName ?? 'Face'} at ${cameraName(visit.cameraId, visit.cameraName)}`}
      size="xl"
      fullScreen={narrow}
      onKeyDown={onKeyDown}
    >
      {visit && (
        <>
          <VisitPicture
            className={classes.large}
            url={visit.best.snapshotUrl}
            alt={`Snapshot of the ${visit.personName ?? 'face'} at ${cameraName(visit.cameraId, visit.cameraName)}`}
          />
          <Group justify="space-between" my="xs">
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Newer"
              disabled={!newer}
              onClick={() => newer && onOpen(newer.key)}
            >
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Older"
              disabled={!older}
              onClick={() => older && onOpen(older.key)}
            >
              <IconChevronRight size={18} aria-hidden />
            </ActionIcon>
          </Group>
          <VisitDetails visit={visit} cameraName={cameraName(visit.cameraId, visit.cameraName)} />
        </>
      )}
    </Modal>
  );
}
