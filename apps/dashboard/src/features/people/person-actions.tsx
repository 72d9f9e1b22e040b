import type { Person } from '@camfleet/protocol';
import { Button, Menu, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowMerge, IconDots, IconPhotoSearch, IconTrash, IconTrashX } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { fetchPerson } from '../../api/people';
import { notifyError } from '../../components/notify';
import { useMay } from '../session/session';
import { DeletePersonModal, type Deletion } from './delete-person-modal';
import { MergeModal } from './merge-modal';
import { PersonPicker } from './person-picker';

/** What can be done with a person as a whole. */
export function PersonActions({ person }: { person: Person }) {
  const navigate = useNavigate();
  const [mayEdit, mayDelete] = [useMay('operator'), useMay('admin')];
  const [picking, picker] = useDisclosure(false);
  const [merged, setMerged] = useState<readonly Person[]>([]);
  const [deletion, setDeletion] = useState<Deletion | null>(null);
  const find = useMutation({
    mutationFn: (id: string) => fetchPerson(id),
    onSuccess: (other) => setMerged([person, other]),
    onError: (error) => notifyError('This did not work', error),
  });
  return (
    <>
      {person.pictureUrl !== undefined && (
        <Button
          variant="default"
          leftSection={<IconPhotoSearch size={17} aria-hidden />}
          component={Link}
          to={`/search?person=${encodeURIComponent(person.id)}`}
        >
          Find more
        </Button>
      )}
      {mayEdit && (
        <Button
          variant="default"
          leftSection={<IconArrowMerge size={17} aria-hidden />}
          loading={find.isPending}
          onClick={picker.open}
        >
          Merge with…
        </Button>
      )}
      {mayDelete && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              variant="default"
              rightSection={<IconDots size={17} aria-hidden />}
              aria-label="Delete the person"
            >
              Delete
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconTrash size={16} aria-hidden />}
              onClick={() => setDeletion({ erase: false })}
            >
              Delete the person
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrashX size={16} aria-hidden />}
              onClick={() => setDeletion({ erase: true })}
            >
              Delete with everything
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal opened={picking} onClose={picker.close} title={`Who else is ${person.name}?`} centered>
        <PersonPicker
          label="Merge with"
          except={person.id}
          mayCreate={false}
          onChoose={(choice) => {
            picker.close();
            if ('person' in choice) find.mutate(choice.person.id);
          }}
        />
      </Modal>
      <MergeModal
        people={merged}
        onClose={() => setMerged([])}
        onMerged={({ id }) => {
          setMerged([]);
          void navigate(`/people/${encodeURIComponent(id)}`, { replace: true });
        }}
      />
      <DeletePersonModal person={person} deletion={deletion} onClose={() => setDeletion(null)} />
    </>
  );
}
