import type { Person } from '@camfleet/protocol';
import { Checkbox, Text } from '@mantine/core';
import { useState, type DragEvent } from 'react';
import { Link } from 'react-router';
import { localTime } from '../../components/time';
import classes from './people.module.css';
import { PersonPicture } from './person-picture';

const DRAGGED = 'application/x-camfleet-person';

export interface PersonCardProps {
  person: Person;
  /** Left out: people cannot be chosen or merged here. */
  merging?: {
    chosen: boolean;
    selecting: boolean;
    onChoose: (chosen: boolean) => void;
    /** Another card was dropped on this one. */
    onDrop: (personId: string) => void;
  };
}

/** One person in the grid. Dropped on another card, both are asked to be merged. */
export function PersonCard({ person, merging }: PersonCardProps) {
  const [over, setOver] = useState(false);
  const [dragged, setDragged] = useState(false);
  const isPerson = (event: DragEvent) => !dragged && event.dataTransfer.types.includes(DRAGGED);
  const dragging = merging && {
    draggable: true,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.setData(DRAGGED, person.id);
      event.dataTransfer.effectAllowed = 'link';
      setDragged(true);
    },
    onDragEnd: () => setDragged(false),
    onDragOver: (event: DragEvent) => {
      if (!isPerson(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false);
      if (!isPerson(event)) return;
      event.preventDefault();
      merging.onDrop(event.dataTransfer.getData(DRAGGED));
    },
  };
  return (
    <li className={classes.item}>
      <Link
        to={`/people/${encodeURIComponent(person.id)}`}
        className={classes.card}
        data-over={over}
        data-dragged={dragged}
        draggable={false}
        {...dragging}
        onClick={(event) => {
          if (!merging?.selecting) return;
          event.preventDefault();
          merging.onChoose(!merging.chosen);
        }}
      >
        <PersonPicture url={person.pictureUrl} alt="" />
        <div className={classes.words}>
          <Text size="sm" fw={600} truncate>
            {person.name}
          </Text>
          <Text size="xs" c="dimmed">
            {visitsInWords(person)}
          </Text>
          <Text size="xs" c="dimmed">
            {person.faces === 0
              ? 'No face yet: cannot be recognised'
              : person.lastSeenAt
                ? `Last ${localTime(person.lastSeenAt)}`
                : ''}
          </Text>
        </div>
      </Link>
      {merging?.selecting && (
        <Checkbox
          className={classes.tick}
          aria-label={`Choose ${person.name}`}
          checked={merging.chosen}
          onChange={({ currentTarget }) => merging.onChoose(currentTarget.checked)}
        />
      )}
    </li>
  );
}

export function visitsInWords({ visits }: Pick<Person, 'visits'>): string {
  if (visits === 0) return 'Never seen';
  return visits === 1 ? 'Seen once' : `Seen ${visits} times`;
}
