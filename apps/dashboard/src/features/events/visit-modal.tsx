import { ActionIcon, Button, Group, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronLeft, IconChevronRight, IconPhotoSearch } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { Link } from 'react-router';
import { localTime } from '../../components/time';
import { CorrectionButtons } from '../correction/correction-menu';
import { usePlaceName } from './use-place-name';
import type { Visit } from './visit';
import { VisitClip } from './visit-clip';
import { VisitDetails } from './visit-details';
import { VisitPicture } from './visit-picture';
import { visitTitle } from './visit-words';
import classes from './visits.module.css';

export interface VisitModalProps {
  visits: readonly Visit[];
  openKey: string | null;
  onOpen: (key: string | null) => void;
}

/** A visit's snapshot, large. The arrow keys lead to its neighbours in the list. */
export function VisitModal({ visits, openKey, onOpen }: VisitModalProps) {
  const narrow = useMediaQuery('(max-width: 48em)');
  const placeName = usePlaceName();
  const index = visits.findIndex(({ key }) => key === openKey);
  const visit = visits[index];
  const where = visit && placeName(visit);
  const [newer, older] = [visits[index - 1], visits[index + 1]];
  function onKeyDown(event: KeyboardEvent) {
    // There they lead through the clip.
    if (event.target instanceof HTMLVideoElement) return;
    if (event.key === 'ArrowLeft' && newer) onOpen(newer.key);
    if (event.key === 'ArrowRight' && older) onOpen(older.key);
  }
  return (
    <Modal
      opened={visit !== undefined}
      onClose={() => onOpen(null)}
      title={visit && `${visitTitle(visit)} at ${where ?? ''}`}
      size="xl"
      fullScreen={narrow}
      onKeyDown={onKeyDown}
    >
      {visit && (
        <>
          <VisitPicture
            className={classes.large}
            url={visit.best.snapshotUrl}
            alt={`Snapshot of the ${pictured(visit)} at ${where ?? ''}`}
          />
          {visit.clipVideoId !== undefined && (
            <VisitClip
              key={visit.clipVideoId}
              videoId={visit.clipVideoId}
              of={`${pictured(visit)} at ${where ?? ''}`}
            />
          )}
          <Group justify="space-between" wrap="nowrap" my="xs">
            <ActionIcon
              variant="default"
              size="lg"
              aria-label="Newer"
              disabled={!newer}
              onClick={() => newer && onOpen(newer.key)}
            >
              <IconChevronLeft size={18} aria-hidden />
            </ActionIcon>
            <Group gap="xs" justify="center" flex={1}>
              <CorrectionButtons
                key={visit.key}
                visit={visit}
                of={`at ${where ?? ''}, ${localTime(visit.firstAt)}`}
              />
              {visit.type === 'face' && (
                <Button
                  variant="default"
                  leftSection={<IconPhotoSearch size={17} aria-hidden />}
                  component={Link}
                  to={`/search?event=${encodeURIComponent(visit.best.id)}`}
                >
                  Find more
                </Button>
              )}
            </Group>
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
          <VisitDetails visit={visit} cameraName={where ?? ''} onLeave={() => onOpen(null)} />
        </>
      )}
    </Modal>
  );
}

/** Said in the middle of a sentence. */
const pictured = (visit: Visit) => visit.person?.name ?? visit.label ?? visit.type;
