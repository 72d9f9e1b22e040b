import { Anchor, Button, Group, Paper, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Link } from 'react-router';
import { BlobImage } from '../../components/blob-image';
import classes from './people.module.css';
import type { Box } from './upright-photo';
import type { RefusedPhoto } from './use-enrolment';

export interface RefusedPhotoCardProps {
  refused: RefusedPhoto;
  onAgain: (face?: Box) => void;
  onDismiss: () => void;
}

const percent = (share: number) => `${share * 100}%`;

/** A photo that was not added: why, its faces to choose from, and a way to insist. */
export function RefusedPhotoCard({ refused, onAgain, onDismiss }: RefusedPhotoCardProps) {
  const { name, photo, refusal } = refused;
  return (
    <Paper withBorder p="sm" role="alert">
      <Stack gap="xs" align="flex-start">
        <Group gap="xs" wrap="nowrap">
          <IconAlertTriangle size={20} color="var(--mantine-color-yellow-6)" aria-hidden />
          <Text size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
            {`${name} was not added`}
          </Text>
        </Group>
        <Text size="sm">{refusal.words}</Text>
        <div className={classes.photo}>
          <BlobImage blob={photo} alt={`The photo ${name}`} />
          {refusal.boxes.map((box, index) => (
            <button
              key={index}
              type="button"
              className={classes.box}
              style={{
                left: percent(box[0]),
                top: percent(box[1]),
                width: percent(box[2]),
                height: percent(box[3]),
              }}
              aria-label={`Add face ${index + 1}`}
              onClick={() => onAgain(box)}
            />
          ))}
        </div>
        <Group gap="xs">
          {refusal.mayInsist && (
            <Button size="compact-md" variant="default" onClick={() => onAgain()}>
              {refusal.boxes.length > 0 ? 'Add the largest' : 'Add anyway'}
            </Button>
          )}
          <Button size="compact-md" variant="subtle" onClick={onDismiss}>
            Leave it out
          </Button>
          {refusal.other && (
            <Anchor component={Link} size="sm" to={`/people/${encodeURIComponent(refusal.other.personId)}`}>
              {`To ${refusal.other.name}`}
            </Anchor>
          )}
        </Group>
      </Stack>
    </Paper>
  );
}
