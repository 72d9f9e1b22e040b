import type { Person } from '@camfleet/protocol';
import { Alert, Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { errorInWords } from '../../api/api-error';
import { mergePeople } from '../../api/people';
import { notifyDone } from '../../components/notify';
import classes from './people.module.css';
import { visitsInWords } from './person-card';
import { PersonPicture } from './person-picture';
import { useWhoIsWhoChanged } from './use-people';

export interface MergeModalProps {
  /** Two or more who are one; fewer: closed. */
  people: readonly Person[];
  onClose: () => void;
  /** With who is left. */
  onMerged: (kept: Person) => void;
}

/** Asks which name stays when several cards show one person. */
export function MergeModal({ people, onClose, onMerged }: MergeModalProps) {
  return (
    <Modal opened={people.length > 1} onClose={onClose} title="Is this one person?" centered>
      {people.length > 1 && <MergeForm people={people} onClose={onClose} onMerged={onMerged} />}
    </Modal>
  );
}

function MergeForm({ people, onClose, onMerged }: MergeModalProps) {
  // Who was seen most is mostly the one whose name is right.
  const [first] = [...people].sort((a, b) => b.visits - a.visits);
  const [keptId, setKeptId] = useState(first?.id ?? '');
  const changed = useWhoIsWhoChanged();
  const merge = useMutation({
    mutationFn: async () => {
      let kept: Person | undefined;
      for (const { id } of people) if (id !== keptId) kept = await mergePeople(keptId, id);
      return kept;
    },
    // Of several some may have been merged before one failed.
    onSettled: changed,
    onSuccess: (kept) => {
      if (!kept) return;
      notifyDone(`They are one now: ${kept.name}.`);
      onMerged(kept);
    },
  });
  return (
    <Stack>
      <Text size="sm">
        Their faces, visits and events are put together. This cannot be undone at once, only by splitting the
        person again.
      </Text>
      <Radio.Group label="The name that stays" value={keptId} onChange={setKeptId}>
        <Stack gap="xs" mt="xs">
          {people.map((person) => (
            <Radio
              key={person.id}
              value={person.id}
              aria-label={person.name}
              styles={{ body: { alignItems: 'center' } }}
              label={
                <Group gap="sm" wrap="nowrap">
                  <PersonPicture url={person.pictureUrl} alt="" className={classes.small} />
                  <div>
                    <Text size="sm" fw={600}>
                      {person.name}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {visitsInWords(person)}
                    </Text>
                  </div>
                </Group>
              }
            />
          ))}
        </Stack>
      </Radio.Group>
      {merge.isError && (
        <Alert color="red" role="alert">
          {errorInWords(merge.error)}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button loading={merge.isPending} onClick={() => merge.mutate()}>
          Merge
        </Button>
      </Group>
    </Stack>
  );
}
