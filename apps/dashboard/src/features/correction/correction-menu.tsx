import { ActionIcon, Button, Popover, Stack, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconUserEdit, IconUserX } from '@tabler/icons-react';
import type { Visit } from '../events/visit';
import { PersonPicker } from '../people/person-picker';
import { useMay } from '../session/session';
import { useCorrectVisit } from './use-correct-visit';

export interface CorrectionMenuProps {
  visit: Visit;
  /** Tells it apart: `at Entrance, 10:15`. */
  of: string;
  /** A round button in the corner of a card, or a button with words. */
  look: 'corner' | 'words';
  className?: string | undefined;
}

/** «This is …», «Not …»: one click opens it, one says it. Nothing for those who may not correct. */
export function CorrectionMenu({ visit, of, look, className }: CorrectionMenuProps) {
  const mayCorrect = useMay('operator');
  const [opened, { toggle, close }] = useDisclosure(false);
  const correct = useCorrectVisit();
  if (!mayCorrect || visit.type !== 'face') return null;
  const { person } = visit;
  const label = `Who is this ${of}?`;
  return (
    <Popover
      opened={opened}
      onDismiss={close}
      width={280}
      position="bottom"
      shadow="md"
      withArrow
      trapFocus
      returnFocus
    >
      <Popover.Target>
        {look === 'corner' ? (
          <Tooltip label={person ? 'Somebody else?' : 'Who is this?'} openDelay={400} disabled={opened}>
            <ActionIcon
              className={className ?? ''}
              variant="default"
              size={34}
              radius="xl"
              aria-label={label}
              aria-expanded={opened}
              loading={correct.isPending}
              onClick={toggle}
            >
              <IconUserEdit size={18} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ) : (
          <Button
            variant="default"
            leftSection={<IconUserEdit size={17} aria-hidden />}
            aria-expanded={opened}
            loading={correct.isPending}
            onClick={toggle}
          >
            This is…
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown
        aria-label={label}
        onKeyDown={(event) => {
          // A dialog behind it would go to the next visit.
          if (event.key.startsWith('Arrow')) event.stopPropagation();
        }}
      >
        <Stack gap="xs">
          {person && look === 'corner' && (
            <NotButton visit={visit} onDone={close} correct={correct} fullWidth />
          )}
          <PersonPicker
            label="This is"
            except={person?.id}
            disabled={correct.isPending}
            onChoose={(choice) => {
              close();
              correct.mutate({ visit, says: { is: choice } });
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

interface NotButtonProps {
  visit: Visit;
  correct: ReturnType<typeof useCorrectVisit>;
  onDone?: () => void;
  fullWidth?: boolean;
}

/** Says that a visit is not whom it is taken for. */
function NotButton({ visit, correct, onDone, fullWidth = false }: NotButtonProps) {
  const { person } = visit;
  if (!person) return null;
  return (
    <Button
      variant="light"
      color="red"
      fullWidth={fullWidth}
      leftSection={<IconUserX size={17} aria-hidden />}
      loading={correct.isPending}
      onClick={() => {
        onDone?.();
        correct.mutate({ visit, says: { isNot: person } });
      }}
    >
      Not {person.name}
    </Button>
  );
}

/** Both words beside a large picture. */
export function CorrectionButtons({ visit, of }: { visit: Visit; of: string }) {
  const mayCorrect = useMay('operator');
  const correct = useCorrectVisit();
  if (!mayCorrect || visit.type !== 'face') return null;
  return (
    <>
      <CorrectionMenu visit={visit} of={of} look="words" />
      <NotButton visit={visit} correct={correct} />
    </>
  );
}
