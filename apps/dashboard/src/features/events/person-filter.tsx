import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useChoices, usePerson } from '../people/use-people';

const TYPING_MS = 150;

export interface PersonFilterProps {
  personId: string | undefined;
  onChange: (personId: string | undefined) => void;
}

/** Whose visits are shown; found by name at the server, however many people there are. */
export function PersonFilter({ personId, onChange }: PersonFilterProps) {
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const { data: found = [] } = useChoices(q);
  const chosen = usePerson(personId).data;
  const people = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      label="Person"
      placeholder="Everybody"
      data={people.map(({ id, name }) => ({ value: id, label: name }))}
      value={personId ?? null}
      onChange={(id) => onChange(id ?? undefined)}
      // The server has searched already.
      filter={({ options }) => options}
      onSearchChange={(text) => setTyped(text === chosen?.name ? '' : text)}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Everybody' }}
      nothingFoundMessage="Nobody of this name"
      flex={{ base: '1 1 130px', xs: '0 0 170px' }}
    />
  );
}
