import { Badge, Button, Collapse } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconFilter } from '@tabler/icons-react';
import { useId } from 'react';
import type { VisitFilter } from './live-visits';
import { VisitFilterFields } from './visit-filter-fields';

export interface VisitFilterBarProps {
  filter: VisitFilter;
  onChange: (change: Partial<VisitFilter>) => void;
}

/** The filter; on a phone behind a button that says how much is filtered, so that events come first. */
export function VisitFilterBar(props: VisitFilterBarProps) {
  const narrow = useMediaQuery('(max-width: 36em)');
  const [opened, { toggle }] = useDisclosure(false);
  const id = useId();
  const count = Object.values(props.filter).filter((value) => value !== undefined).length;
  if (!narrow) return <VisitFilterFields {...props} />;
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        mb="sm"
        leftSection={<IconFilter size={16} aria-hidden />}
        rightSection={count > 0 && <Badge size="sm" circle>{`${count}`}</Badge>}
        aria-expanded={opened}
        aria-controls={id}
        aria-label={count > 0 ? `Filter, ${count} set` : 'Filter'}
        onClick={toggle}
      >
        Filter
      </Button>
      <Collapse id={id} expanded={opened}>
        {opened && <VisitFilterFields {...props} />}
      </Collapse>
    </>
  );
}
