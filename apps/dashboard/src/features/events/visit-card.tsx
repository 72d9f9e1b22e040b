import { Badge, Text, UnstyledButton } from '@mantine/core';
import { localTime } from '../../components/time';
import { CorrectionMenu } from '../correction/correction-menu';
import { pictureInWords } from './quality-in-words';
import { qualityScore, type Visit } from './visit';
import { VisitPicture } from './visit-picture';
import { visitTitle } from './visit-words';
import classes from './visits.module.css';

export interface VisitCardProps {
  visit: Visit;
  cameraName: string;
  onOpen: () => void;
}

/** One visit in the list: its best picture, who, where and when. */
export function VisitCard({ visit, cameraName, onOpen }: VisitCardProps) {
  const { best } = visit;
  const quality = qualityScore(best);
  const time = localTime(visit.firstAt);
  const title = visitTitle(visit);
  // A face without a name is told by where it was.
  const named = visit.type !== 'face' || visit.person !== undefined;
  return (
    <li className={classes.item}>
      <UnstyledButton
        className={classes.card}
        onClick={onOpen}
        aria-label={`${title} at ${cameraName}, ${time}${visit.running ? ', still there' : ''}`}
      >
        <VisitPicture className={classes.thumb} url={best.snapshotUrl} alt="" />
        {visit.running && (
          <Badge className={classes.running} color="green" size="sm" tt="none">
            There now
          </Badge>
        )}
        <div className={classes.words}>
          <Text size="sm" fw={600} truncate>
            {named ? title : cameraName}
          </Text>
          {named && (
            <Text size="xs" truncate>
              {cameraName}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            <time dateTime={visit.firstAt}>{time}</time>
          </Text>
          {quality !== undefined && (
            <Text size="xs" c="dimmed">
              {pictureInWords(quality)}
            </Text>
          )}
        </div>
      </UnstyledButton>
      <CorrectionMenu
        visit={visit}
        of={`at ${cameraName}, ${time}`}
        look="corner"
        className={classes.corner}
      />
    </li>
  );
}
