import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { PageHeader } from '../components/page-header';
import { AddPersonModal } from '../features/people/add-person-modal';
import { ModelProgress } from '../features/people/model-progress';
import { PeopleGrid } from '../features/people/people-grid';
import { useMay } from '../features/session/session';

const TYPING_MS = 200;

/** Everybody who is known by name. */
export function PeoplePage() {
  const mayEdit = useMay('operator');
  const [typed, setTyped] = useState('');
  const [q] = useDebouncedValue(typed.trim(), TYPING_MS);
  const [adding, { open, close }] = useDisclosure(false);
  const [selecting, selection] = useDisclosure(false);
  const add = mayEdit && (
    <Button leftSection={<IconPlus size={17} aria-hidden />} onClick={open}>
      Add person
    </Button>
  );
  return (
    <>
      <PageHeader title="People">
        {mayEdit && (
          <Button variant="default" aria-pressed={selecting} onClick={selection.toggle}>
            {selecting ? 'Cancel' : 'Merge'}
          </Button>
        )}
        {add}
      </PageHeader>
      <ModelProgress />
      <TextInput
        type="search"
        aria-label="Search people by name"
        placeholder="Search by name"
        leftSection={<IconSearch size={17} aria-hidden />}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        maw={360}
        mb="md"
      />
      <PeopleGrid key={`${selecting}`} q={q} selecting={selecting} onSelected={selection.close} />
      <AddPersonModal opened={adding} onClose={close} />
    </>
  );
}
