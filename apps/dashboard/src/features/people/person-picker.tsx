import type { Person } from '@camfleet/protocol';
import { Loader, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { errorInWords } from '../../api/api-error';
import classes from './people.module.css';
import { PersonPicture } from './person-picture';
import { useChoices } from './use-people';

/** Somebody known, or the name of somebody new. */
export type PersonChoice = { person: Pick<Person, 'id' | 'name'> } | { newName: string };

export interface PersonPickerProps {
  /** Said to screen readers of the search field. */
  label: string;
  onChoose: (choice: PersonChoice) => void;
  /** Left out of the choices. */
  except?: string | undefined;
  mayCreate?: boolean;
  disabled?: boolean;
}

const TYPING_MS = 150;

/** Finds a person by name, or makes one. Enter takes the first. */
export function PersonPicker({ label, onChoose, except, mayCreate = true, disabled }: PersonPickerProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data, isPending, error } = useChoices(q);
  const people = (data ?? []).filter(({ id }) => id !== except);
  const newName = typed.trim();
  const isKnown = people.some(({ name }) => name.toLowerCase() === newName.toLowerCase());
  const [first] = people;
  const settled = q === newName;
  function takeFirst() {
    if (first && settled) onChoose({ person: first });
    else if (mayCreate && newName && settled) onChoose({ newName });
  }
  return (
    <Stack gap={4}>
      <TextInput
        aria-label={label}
        placeholder={mayCreate ? 'Name, also a new one' : 'Name'}
        leftSection={<IconSearch size={16} aria-hidden />}
        rightSection={isPending && <Loader size={14} />}
        value={typed}
        maxLength={200}
        disabled={disabled ?? false}
        // The focus comes with the popover or dialog around it, once that is in its place: the browser would scroll to it.
        data-autofocus
        // Escape closes the choice, not the dialog behind it.
        data-mantine-stop-propagation
        autoComplete="off"
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        onKeyDown={(event) => {
          // Arrows and letters belong to this field, not to the page behind it.
          event.stopPropagation();
          if (event.key !== 'Enter') return;
          event.preventDefault();
          takeFirst();
        }}
      />
      {error && (
        <Text size="sm" c="red" role="alert">
          {errorInWords(error)}
        </Text>
      )}
      <div role="group" aria-label="People to choose from" style={{ maxHeight: 280, overflowY: 'auto' }}>
        {people.map((person) => (
          <UnstyledButton
            key={person.id}
            className={classes.option}
            disabled={disabled ?? false}
            onClick={() => onChoose({ person })}
          >
            <PersonPicture url={person.pictureUrl} alt="" className={classes.small} />
            <Text size="sm" truncate>
              {person.name}
            </Text>
          </UnstyledButton>
        ))}
        {data && people.length === 0 && !newName && (
          <Text size="sm" c="dimmed" p="xs">
            {mayCreate ? 'Nobody is known yet. Write a name.' : 'There is nobody else.'}
          </Text>
        )}
        {data && people.length === 0 && newName && !mayCreate && (
          <Text size="sm" c="dimmed" p="xs">
            Nobody of this name.
          </Text>
        )}
      </div>
      {mayCreate && newName && !isKnown && (
        <UnstyledButton
          className={classes.option}
          disabled={disabled ?? false}
          onClick={() => onChoose({ newName })}
        >
          <IconPlus size={18} aria-hidden />
          <Text size="sm" truncate>
            New person «{newName}»
          </Text>
        </UnstyledButton>
      )}
    </Stack>
  );
}
