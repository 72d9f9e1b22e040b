import type { Person, PersonFace } from '@camfleet/protocol';
import { Button, Checkbox, Group, Loader, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowsSplit, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { removeFace } from '../../api/people';
import { ErrorState } from '../../components/error-state';
import { IconAction } from '../../components/icon-action';
import { notifyError } from '../../components/notify';
import { PhotoDrop } from '../../components/photo-drop';
import { pictureInWords } from '../events/quality-in-words';
import { useMay } from '../session/session';
import classes from './people.module.css';
import { PersonPicture } from './person-picture';
import { RefusedPhotoCard } from './refused-photo-card';
import { SplitModal } from './split-modal';
import { useEnrolment } from './use-enrolment';
import { useFaces, useWhoIsWhoChanged } from './use-people';

/** The faces that somebody is known by: more are added, wrong ones removed or given to somebody else. */
export function FaceSection({ person }: { person: Person }) {
  const mayEdit = useMay('operator');
  const faces = useFaces(person.id);
  const enrolment = useEnrolment(person.id);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [splitting, setSplitting] = useState(false);
  const own = (faces.data ?? []).filter(({ isNegative }) => !isNegative);
  const denied = (faces.data ?? []).filter(({ isNegative }) => isNegative);
  const picked = chosen.filter((id) => own.some((face) => face.id === id));
  return (
    <section aria-label="Faces">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Faces
        </Title>
        {mayEdit && picked.length > 0 && (
          <Button
            size="compact-md"
            variant="default"
            leftSection={<IconArrowsSplit size={16} aria-hidden />}
            onClick={() => setSplitting(true)}
          >
            {picked.length === 1 ? 'This is somebody else' : 'These are somebody else'}
          </Button>
        )}
      </Group>
      {faces.isPending && <Skeleton h={130} role="status" aria-label="Loading faces" />}
      {faces.isError && !faces.data && (
        <ErrorState error={faces.error} onRetry={() => void faces.refetch()} />
      )}
      {faces.data && own.length === 0 && (
        <Text size="sm" c="dimmed" mb="sm">
          There is no face yet, so cameras cannot recognise {person.name}.
        </Text>
      )}
      <FaceList
        label={`Faces of ${person.name}`}
        faces={own}
        {...(mayEdit && { chosen: picked, onChoose: setChosen })}
      />
      {mayEdit && (
        <Stack mt="sm" gap="sm">
          <PhotoDrop
            words={`Drop photos of ${person.name} here`}
            multiple
            onPhotos={(photos) => void enrolment.add(photos)}
          />
          {enrolment.waiting > 0 && (
            <Group gap="xs" role="status">
              <Loader size="xs" />
              <Text size="sm">
                {enrolment.waiting === 1 ? 'Looking at the photo' : `Looking at ${enrolment.waiting} photos`}
              </Text>
            </Group>
          )}
          {enrolment.refused.map((refused) => (
            <RefusedPhotoCard
              key={refused.key}
              refused={refused}
              onAgain={(face) => void enrolment.again(refused, face)}
              onDismiss={() => enrolment.dismiss(refused.key)}
            />
          ))}
        </Stack>
      )}
      {denied.length > 0 && (
        <>
          <Text size="sm" mt="md" mb="xs">
            Somebody said that these are not {person.name}; faces like them are never given this name.
          </Text>
          <FaceList label={`Not ${person.name}`} faces={denied} />
        </>
      )}
      <SplitModal
        person={person}
        faceIds={splitting ? picked : []}
        onClose={() => setSplitting(false)}
        onSplit={() => {
          setSplitting(false);
          setChosen([]);
        }}
      />
    </section>
  );
}

interface FaceListProps {
  label: string;
  faces: readonly PersonFace[];
  /** Ids of faces; left out: none can be chosen. */
  chosen?: readonly string[];
  onChoose?: (ids: string[]) => void;
}

function FaceList({ label, faces, chosen = [], onChoose }: FaceListProps) {
  const mayEdit = useMay('operator');
  const changed = useWhoIsWhoChanged();
  const remove = useMutation({
    mutationFn: (face: PersonFace) => removeFace(face.personId, face.id),
    onSuccess: changed,
    onError: (error) => notifyError('The face was not removed', error),
  });
  if (faces.length === 0) return null;
  return (
    <ul className={classes.faces} aria-label={label}>
      {faces.map((face, index) => (
        <li key={face.id} className={classes.item}>
          <span data-not={face.isNegative} className={classes.faceFrame}>
            <PersonPicture url={face.pictureUrl} alt={`Face ${index + 1}`} />
          </span>
          {onChoose && (
            <Checkbox
              className={classes.tick}
              aria-label={`Choose face ${index + 1}`}
              checked={chosen.includes(face.id)}
              onChange={({ currentTarget }) =>
                onChoose(currentTarget.checked ? [...chosen, face.id] : chosen.filter((id) => id !== face.id))
              }
            />
          )}
          <Group justify="space-between" gap={0} wrap="nowrap">
            <Text size="xs" c="dimmed">
              {wordsOf(face)}
            </Text>
            {mayEdit && (
              <IconAction
                label={`Remove face ${index + 1}`}
                icon={IconTrash}
                loading={remove.isPending && remove.variables === face}
                onClick={() => remove.mutate(face)}
              />
            )}
          </Group>
        </li>
      ))}
    </ul>
  );
}

function wordsOf({ quality, eventId }: PersonFace): string {
  const { score } = quality;
  const origin = eventId === undefined ? 'From a photo' : 'From a camera';
  return typeof score === 'number' ? `${origin}, ${pictureInWords(score).toLowerCase()}` : origin;
}
