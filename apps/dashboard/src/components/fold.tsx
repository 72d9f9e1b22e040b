import { Collapse, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronRight } from '@tabler/icons-react';
import { useId, type ReactNode } from 'react';
import classes from './fold.module.css';

export interface FoldProps {
  /** What it says to the eye. */
  title: string;
  /** Where several folds bear one title: what tells them apart, for screen readers. */
  of?: string;
  /** Open whatever a person does: something in it needs them. */
  forceOpen?: boolean;
  children: ReactNode;
}

/** Something that few need, behind its title. */
export function Fold({ title, of, forceOpen = false, children }: FoldProps) {
  const [unfolded, { toggle }] = useDisclosure(false);
  const opened = unfolded || forceOpen;
  const id = useId();
  return (
    <div>
      <UnstyledButton
        className={classes.title}
        onClick={toggle}
        aria-expanded={opened}
        aria-controls={id}
        {...(of && { 'aria-label': `${title} of ${of}` })}
      >
        <IconChevronRight size={15} className={classes.mark} data-opened={opened} aria-hidden />
        {title}
      </UnstyledButton>
      <Collapse id={id} expanded={opened}>
        <div className={classes.body}>{opened && children}</div>
      </Collapse>
    </div>
  );
}
