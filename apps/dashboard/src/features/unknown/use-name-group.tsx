import type { UnknownGroup } from '@camfleet/protocol';
import { notifications } from '@mantine/notifications';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { nameGroup } from '../../api/people';
import { notifyError } from '../../components/notify';
import type { PersonChoice } from '../people/person-picker';
import { useWhoIsWhoChanged } from '../people/use-people';

const noFace = (name: string) => ` No face of it is fit to recognise ${name} by: add a photo.`;

/** Gives a group a name: all its visits follow. */
export function useNameGroup(group: UnknownGroup) {
  const changed = useWhoIsWhoChanged();
  return useMutation({
    mutationFn: (choice: PersonChoice) =>
      nameGroup(group.id, 'person' in choice ? { personId: choice.person.id } : { name: choice.newName }),
    onSuccess: ({ id, name, faces }) => {
      const visits = group.visits === 1 ? 'The visit now bears' : `All ${group.visits} visits now bear`;
      notifications.show({
        color: 'green',
        message: (
          <Link
            to={`/people/${encodeURIComponent(id)}`}
          >{`${visits} the name ${name}.${faces === 0 ? noFace(name) : ''}`}</Link>
        ),
      });
    },
    onError: (error) => notifyError('The name was not saved', error),
    // A group that is gone was named elsewhere: read again in either case.
    onSettled: changed,
  });
}
