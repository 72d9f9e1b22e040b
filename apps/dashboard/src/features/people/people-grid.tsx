import type { Person } from '@camfleet/protocol';
import { Button, Group, Skeleton, Text } from '@mantine/core';
import { IconArrowMerge, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/empty-state';
import { ErrorState } from '../../components/error-state';
import { LoadMore } from '../../components/load-more';
import { useMay } from '../session/session';
import { MergeModal } from './merge-modal';
import classes from './people.module.css';
import { PersonCard } from './person-card';
import { usePeople } from './use-people';

export interface PeopleGridProps {
  /** Part of a name. */
  q: string;
  selecting: boolean;
  onSelected: () => void;
}

/** Everybody who is known. Cards that are dropped on each other, or chosen, can be merged. */
export function PeopleGrid({ q, selecting, onSelected }: PeopleGridProps) {
  const mayMerge = useMay('operator');
  const query = usePeople(q);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [merged, setMerged] = useState<readonly Person[]>([]);
  if (query.isPending) return <GridSkeleton />;
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const people = query.data.pages.flatMap(({ items }) => items);
  const picked = people.filter(({ id }) => chosen.has(id));
  const choose = (id: string, on: boolean) =>
    setChosen((before) => {
      const after = new Set(before);
      if (on) after.add(id);
      else after.delete(id);
      return after;
    });
  if (people.length === 0)
    return (
      <EmptyState
        icon={IconUsers}
        title={q ? 'Nobody of this name' : 'Nobody is known yet'}
        text={
          q
            ? 'Try another part of the name.'
            : 'Add somebody by a photo, or give a name to a face on the Events or Unknown page.'
        }
      />
    );
  return (
    <>
      {selecting && (
        <Group mb="sm" gap="xs" role="status">
          <Text size="sm">
            {picked.length < 2 ? 'Choose all cards that show the same person.' : `${picked.length} chosen.`}
          </Text>
          <Button
            size="compact-md"
            leftSection={<IconArrowMerge size={16} aria-hidden />}
            disabled={picked.length < 2}
            onClick={() => setMerged(picked)}
          >
            They are one person
          </Button>
        </Group>
      )}
      <ul className={classes.grid} aria-label="People">
        {people.map((person) => (
          <PersonCard
            key={person.id}
            person={person}
            {...(mayMerge && {
              merging: {
                selecting,
                chosen: chosen.has(person.id),
                onChoose: (on: boolean) => choose(person.id, on),
                onDrop: (id: string) => setMerged(people.filter((one) => one.id === id || one === person)),
              },
            })}
          />
        ))}
      </ul>
      <LoadMore words="Show more" query={query} />
      <MergeModal
        people={merged}
        onClose={() => setMerged([])}
        onMerged={() => {
          setMerged([]);
          setChosen(new Set());
          onSelected();
        }}
      />
    </>
  );
}

function GridSkeleton() {
  return (
    <div className={classes.grid} role="status" aria-label="Loading people">
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} h={220} />
      ))}
    </div>
  );
}
