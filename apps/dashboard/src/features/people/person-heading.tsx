import type { Person, UpdatePersonRequest } from '@camfleet/protocol';
import { Button, Group, Text, TextInput, Textarea, Title } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updatePerson } from '../../api/people';
import { KEYS } from '../../api/query-keys';
import { localTime } from '../../components/time';
import { IconAction } from '../../components/icon-action';
import { notifyError } from '../../components/notify';
import { useMay } from '../session/session';
import classes from './people.module.css';
import { visitsInWords } from './person-card';
import { PersonPicture } from './person-picture';

/** Who it is: picture, name and notes, both edited where they stand. */
export function PersonHeading({ person }: { person: Person }) {
  const mayEdit = useMay('operator');
  const [editing, setEditing] = useState(false);
  return (
    <Group gap="md" align="flex-start" wrap="nowrap">
      <PersonPicture url={person.pictureUrl} alt={`Face of ${person.name}`} className={classes.large} />
      <div style={{ minWidth: 0, flex: 1 }}>
        {editing ? (
          <PersonForm person={person} onDone={() => setEditing(false)} />
        ) : (
          <>
            <Group gap={4} wrap="nowrap">
              <Title order={1} size="h3" style={{ overflowWrap: 'anywhere' }}>
                {person.name}
              </Title>
              {mayEdit && (
                <IconAction label="Edit name and notes" icon={IconPencil} onClick={() => setEditing(true)} />
              )}
            </Group>
            <Text size="sm" c="dimmed">
              {visitsInWords(person)}
              {person.lastSeenAt && `, last ${localTime(person.lastSeenAt)}`}
            </Text>
            {person.notes && (
              <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
                {person.notes}
              </Text>
            )}
          </>
        )}
      </div>
    </Group>
  );
}

function PersonForm({ person, onDone }: { person: Person; onDone: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(person.name);
  const [notes, setNotes] = useState(person.notes ?? '');
  const save = useMutation({
    mutationFn: (changes: UpdatePersonRequest) => updatePerson(person.id, changes),
    onSuccess: async (saved) => {
      queries.setQueryData([...KEYS.people, 'one', person.id], saved);
      onDone();
      const keys = [KEYS.people, KEYS.visits];
      await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
    onError: (error) => notifyError('This was not saved', error),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        // What somebody else changed meanwhile stays, where this form did not touch it.
        save.mutate({
          ...(name.trim() !== person.name && { name: name.trim() }),
          ...(notes !== (person.notes ?? '') && { notes: notes.trim() || null }),
        });
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onDone();
      }}
    >
      <TextInput
        label="Name"
        value={name}
        maxLength={200}
        autoFocus
        required
        error={!name.trim() && 'Write a name'}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Textarea
        label="Notes"
        value={notes}
        maxLength={10_000}
        autosize
        minRows={2}
        maxRows={8}
        mt="xs"
        onChange={({ currentTarget }) => setNotes(currentTarget.value)}
      />
      <Group gap="xs" mt="xs">
        <Button type="submit" size="compact-md" loading={save.isPending} disabled={!name.trim()}>
          Save
        </Button>
        <Button variant="default" size="compact-md" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}
