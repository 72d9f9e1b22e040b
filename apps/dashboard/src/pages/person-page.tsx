import { Anchor, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { ErrorState } from '../components/error-state';
import { VisitList } from '../features/events/visit-list';
import { FaceSection } from '../features/people/face-section';
import { PersonActions } from '../features/people/person-actions';
import { PersonHeading } from '../features/people/person-heading';
import { usePerson } from '../features/people/use-people';

/** One known person: faces, and every time they were seen. */
export function PersonPage() {
  const { personId = '' } = useParams();
  const person = usePerson(personId);
  const filter = useMemo(() => ({ personId }), [personId]);
  return (
    <>
      <title>{`${person.data?.name ?? 'Person'} · Camfleet`}</title>
      <Anchor component={Link} to="/people" size="sm" style={{ display: 'inline-flex', gap: 4 }} mb="sm">
        <IconArrowLeft size={18} aria-hidden /> All people
      </Anchor>
      {person.isPending && <Skeleton h={132} role="status" aria-label="Loading the person" />}
      {person.isError && !person.data && (
        <ErrorState error={person.error} onRetry={() => void person.refetch()} />
      )}
      {person.data && (
        <Stack key={personId} gap="lg">
          <Group justify="space-between" align="flex-start" gap="sm">
            <div style={{ flex: '1 1 300px', minWidth: 0 }}>
              <PersonHeading person={person.data} />
            </div>
            <Group gap="xs">
              <PersonActions person={person.data} />
            </Group>
          </Group>
          <FaceSection person={person.data} />
          <section aria-label="Seen">
            <Title order={2} size="h4" mb="xs">
              Seen
            </Title>
            <VisitList
              filter={filter}
              empty={
                <Text size="sm" c="dimmed">
                  No camera has seen {person.data.name} yet.
                </Text>
              }
            />
          </section>
        </Stack>
      )}
    </>
  );
}
