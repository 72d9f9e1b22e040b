import type { UnknownGroup } from '@camfleet/protocol';
import { Button, Card, Group, Popover, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconEyeOff, IconUserEdit } from '@tabler/icons-react';
import { Link } from 'react-router';
import { localTime } from '../../components/time';
import { IconAction } from '../../components/icon-action';
import { PersonPicker } from '../people/person-picker';
import { PersonPicture } from '../people/person-picture';
import { useMay } from '../session/session';
import classes from './unknown.module.css';
import { useDismissGroup } from './use-dismiss-group';
import { useNameGroup } from './use-name-group';

export interface GroupCardProps {
  group: UnknownGroup;
  /** Tells it apart, for screen readers. */
  number: number;
  cameraName: (id: string | undefined) => string;
}

/** Somebody unknown: the best pictures, when they were seen, and a name to be given. */
export function GroupCard({ group, number, cameraName }: GroupCardProps) {
  const mayName = useMay('operator');
  const [opened, { toggle, close }] = useDisclosure(false);
  const name = useNameGroup(group);
  const dismiss = useDismissGroup(group);
  return (
    <Card component="li" withBorder p="sm" className={classes.group} aria-label={`Unknown ${number}`}>
      <div className={classes.pictures}>
        {group.best.map((visit) => {
          const where = visit.cameraId === undefined ? 'A recording' : cameraName(visit.cameraId);
          const words = `${where}, ${localTime(visit.firstAt)}`;
          const picture = <PersonPicture url={visit.snapshotUrl} alt={words} />;
          return visit.eventId === undefined ? (
            <span key={visit.trackId}>{picture}</span>
          ) : (
            <Link
              key={visit.trackId}
              to={`/search?event=${encodeURIComponent(visit.eventId)}`}
              title={`${words}. Find more like this.`}
              className={classes.picture}
            >
              {picture}
            </Link>
          );
        })}
      </div>
      <Group justify="space-between" mt="auto" pt="sm" gap="xs">
        <div>
          <Text size="sm" fw={600}>
            {group.visits === 1 ? 'Seen once' : `Seen ${group.visits} times`}
          </Text>
          <Text size="xs" c="dimmed">
            {group.visits > 1 && `First ${localTime(group.firstSeenAt)}`}
          </Text>
          <Text size="xs" c="dimmed">
            {`Last ${localTime(group.lastSeenAt)}`}
          </Text>
        </div>
        {mayName && (
          <Group gap={4} wrap="nowrap">
            <IconAction
              label={`Dismiss unknown ${number}`}
              icon={IconEyeOff}
              loading={dismiss.isPending}
              onClick={() => dismiss.mutate()}
            />
            <Popover
              opened={opened}
              onDismiss={close}
              width={280}
              shadow="md"
              withArrow
              trapFocus
              returnFocus
            >
              <Popover.Target>
                <Button
                  variant="default"
                  leftSection={<IconUserEdit size={17} aria-hidden />}
                  aria-label={`Who is unknown ${number}?`}
                  aria-expanded={opened}
                  loading={name.isPending}
                  onClick={toggle}
                >
                  Who is this?
                </Button>
              </Popover.Target>
              <Popover.Dropdown aria-label={`Who is unknown ${number}?`}>
                <PersonPicker
                  label="This is"
                  disabled={name.isPending}
                  onChoose={(choice) => {
                    close();
                    name.mutate(choice);
                  }}
                />
              </Popover.Dropdown>
            </Popover>
          </Group>
        )}
      </Group>
    </Card>
  );
}
