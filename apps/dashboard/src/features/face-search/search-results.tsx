import type { FaceSearchAnswer } from '@camfleet/protocol';
import { Badge, Button, Center, Text, Title, UnstyledButton } from '@mantine/core';
import { IconUserSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { EmptyState } from '../../components/empty-state';
import { localTime } from '../../components/time';
import { usePlaceName } from '../events/use-place-name';
import { VisitModal } from '../events/visit-modal';
import classes from '../people/people.module.css';
import { PersonPicture } from '../people/person-picture';
import { peopleFound, visitOfHit } from './hit';
import { scoreColor, scoreInWords } from './score-in-words';

const VISITS_SHOWN = 60;

/** Who was found, people before visits, each best first. */
export function SearchResults({ answer }: { answer: FaceSearchAnswer }) {
  const placeName = usePlaceName();
  const [openKey, setOpenKey] = useState<string | null>(null);
  const [shown, setShown] = useState(VISITS_SHOWN);
  const people = peopleFound(answer.items);
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
          {people.map((person) => (
            <li key={person.id} className={classes.item}>
              <Link to={`/people/${encodeURIComponent(person.id)}`} className={classes.card}>
                <PersonPicture url={person.pictureUrl} alt="" />
                <div className={classes.words}>
                  <Text size="sm" fw={600} truncate>
                    {person.name}
                  </Text>
                  <Sureness score={person.score} threshold={answer.threshold} />
                </div>
              </Link>
            </li>
          ))}
        </ul>
      </section>
      <section aria-label="Visits found">
        <Title order={2} size="h4" mt="lg" mb="xs">
          Seen
        </Title>
        {seen.length === 0 && (
          <Text size="sm" c="dimmed">
            Not seen, at least with these filters.
          </Text>
        )}
        <ul className={classes.grid} aria-label="Visits found">
          {seen.slice(0, shown).map(({ hit, visit }) => (
            <li key={visit.key} className={classes.item}>
              <UnstyledButton
                className={classes.card}
                w="100%"
                aria-label={`${visit.person?.name ?? 'Face'} at ${placeName(visit)}, ${localTime(visit.firstAt)}`}
                onClick={() => setOpenKey(visit.key)}
              >
                <PersonPicture url={hit.snapshotUrl} alt="" />
                <div className={classes.words}>
                  <Text size="sm" fw={600} truncate>
                    {visit.person?.name ?? 'Unknown'}
                  </Text>
                  <Text size="xs" truncate>
                    {placeName(visit)}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {localTime(visit.firstAt)}
                  </Text>
                  <Sureness score={hit.score} threshold={answer.threshold} />
                </div>
              </UnstyledButton>
            </li>
          ))}
        </ul>
        {seen.length > shown && (
          <Center mt="md">
            <Button variant="subtle" onClick={() => setShown(shown + VISITS_SHOWN)}>
              Show more
            </Button>
          </Center>
        )}
      </section>
      <VisitModal visits={seen.map(({ visit }) => visit)} openKey={openKey} onOpen={setOpenKey} />
    </>
  );
}

function Sureness({ score, threshold }: { score: number; threshold: number | null }) {
  return (
    <Badge
      variant="light"
      size="sm"
      tt="none"
      fw={500}
      mt={4}
      color={scoreColor(score, threshold)}
      title={`Likeness ${score.toFixed(2)} of 1`}
    >
      {scoreInWords(score, threshold)}
    </Badge>
  );
}
