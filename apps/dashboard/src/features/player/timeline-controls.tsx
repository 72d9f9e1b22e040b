import { Group, Text } from '@mantine/core';
import {
  IconArrowsHorizontal,
  IconChevronLeft,
  IconChevronRight,
  IconZoomIn,
  IconZoomOut,
} from '@tabler/icons-react';
import { IconAction } from '../../components/icon-action';
import { clockInWords } from '../../components/time';
import { SHORTEST_VIEW_MS, type View } from './timeline-layout';
import classes from './timeline.module.css';

export interface TimelineControlsProps {
  view: View;
  durationMs: number;
  isWhole: boolean;
  onZoom: (closer: boolean) => void;
  onMove: (by: -1 | 1) => void;
  onWhole: () => void;
}

/** How much of the video the line shows; none for one that is too short to look closer. */
export function TimelineControls(props: TimelineControlsProps) {
  const { view, durationMs, isWhole, onZoom, onMove, onWhole } = props;
  if (durationMs <= SHORTEST_VIEW_MS * 2) return null;
  return (
    <Group gap={0} wrap="nowrap" justify="flex-end" className={classes.controls}>
      <Text size="xs" c="dimmed" mr="auto" role="status">
        {isWhole
          ? 'The whole video'
          : `${clockInWords(view.fromMs)} to ${clockInWords(view.toMs)} of ${clockInWords(durationMs)}`}
      </Text>
      {!isWhole && (
        <>
          <IconAction label="Earlier" icon={IconChevronLeft} onClick={() => onMove(-1)} />
          <IconAction label="Later" icon={IconChevronRight} onClick={() => onMove(1)} />
          <IconAction label="The whole video" icon={IconArrowsHorizontal} onClick={onWhole} />
          <IconAction label="Less closely" icon={IconZoomOut} onClick={() => onZoom(false)} />
        </>
      )}
      <IconAction label="Closer" icon={IconZoomIn} onClick={() => onZoom(true)} />
    </Group>
  );
}
