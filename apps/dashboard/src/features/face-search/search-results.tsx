import type { FaceSearchAnswer, FaceSearchHit } from '@camfleet/protocol';
import { Badge, Text, Title, UnstyledButton } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../components/empty-state';
import { localTime } from '../../components/time';
import { useCameraName } from '../cameras/use-camera-name';
import { VisitModal } from '../events/visit-modal';
import classes from '../people/people.module.css';
import { PersonPicture } from '../people/person-picture';
import { visitOfHit } from './hit';
import { scoreColor, scoreInWords } from './score-in-words';

/** Who was found, people before visits, each best first. */
export function SearchResults({ answer }: { answer: FaceSearchAnswer }) {
  const cameraName = useCameraName();
  const [openKey, setOpenKey] = useState<string | null>(null);
  const people = answer.items.filter(({ kind }) => kind === 'person');
  const seen = answer.items.flatMap((hit) => {
    const visit = visitOfHit(hit);
    return visit ? [{ hit, visit }] : [];
  });
  if (people.length === 0 && seen.length === 0)
    return (
      <EmptyState
        icon={IconUserSearch}
        title="Nobody looks like this"
        text="Neither a known person nor anybody whom a camera saw, at least with these filters."
      />
    );
  return (
    <>
      <section aria-label="People found">
        <Title order={2} size="h4" mb="xs">
          People
        </Title>
        {people.length === 0 && (
          <Text size="sm" c="dimmed">
            Nobody known.
          </Text>
        )}
        <ul className={classes.grid} aria-label="People found">
          {people.map((hit) => (
            <li key={hit.personId} className={classes.item}>
              <Link to={`/people/${encodeURIComponent(hit.personId ?? '')}`} className={classes.card}>
                <PersonPicture url={hit.pictureUrl} alt="" />
                <div className={classes.words}>
                  <Text size="sm" fw={600} truncate>
                    {hit.personName ?? 'Somebody known'}
                  </Text>
                  <Sureness hit={hit} threshold={answer.threshold} />
                </div>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Visits found">
        <Title order={2} size="h4" mt="lg" mb="xs">
          Seen by cameras
        </Title>
        {seen.length === 0 && (
          <Text size="sm" c="dimmed">
            Not seen, at least with these filters.
          </Text>
        )}
        <ul className={classes.grid} aria-label="Visits found">
          {seen.map(({ hit, visit }) => (
            <li key={visit.key} className={classes.item}>
              <UnstyledButton
                className={classes.card}
                w="100%"
                aria-label={`${visit.person?.name ?? 'Face'} at ${cameraName(visit.cameraId)}, ${localTime(visit.firstAt)}`}
                onClick={() => setOpenKey(visit.key)}
              >
                <PersonPicture url={hit.snapshotUrl} alt="" />
                <div className={classes.words}>
                  <Text size="sm" fw={600} truncate>
                    {visit.person?.name ?? 'Unknown'}
                  </Text>
                  <Text size="xs" truncate>
                    {cameraName(visit.cameraId)}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {localTime(visit.firstAt)}
                  </Text>
                  <Sureness hit={hit} threshold={answer.threshold} />
                </div>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      </section>
      <VisitModal visits={seen.map(({ visit }) => visit)} openKey={openKey} onOpen={setOpenKey} />
    </>
  );
}

function Sureness({ hit, threshold }: { hit: FaceSearchHit; threshold: number | null }) {
  return (
    <Badge
      variant="light"
      size="sm"
      tt="none"
      fw={500}
      mt={4}
      color={scoreColor(hit.score, threshold)}
      title={`Likeness ${hit.score.toFixed(2)} of 1`}
    >
      {scoreInWords(hit.score, threshold)}
    </Badge>
  );
}
