import type { JobCounts } from '@camfleet/protocol';
import { Table, Text, UnstyledButton } from '@mantine/core';
import type { JobState } from '../../api/jobs';
import { analysisInWords } from '../videos/analysis-in-words';
import { JOB_STATES, totalsOf, typesOf } from './job-counts';
import { jobStateInWords } from './job-words';
import classes from './jobs.module.css';

export interface JobTotalsProps {
  items: JobCounts['items'];
  type: string | undefined;
  state: JobState | undefined;
  onState: (state: JobState | undefined) => void;
}

/** How many jobs there are in each state; pressed, one shows its jobs alone. */
export function JobTotals({ items, type, state, onState }: JobTotalsProps) {
  const totals = totalsOf(items, type);
  return (
    <div className={classes.counts} role="group" aria-label="Jobs by state">
      {JOB_STATES.map((each) => (
        <UnstyledButton
          key={each}
          className={classes.count}
          aria-pressed={state === each}
          onClick={() => onState(state === each ? undefined : each)}
        >
          <Text size="xl" fw={650} className={classes.number} c={toneOf(each, totals[each])}>
            {totals[each]}
          </Text>
          <Text size="sm">{jobStateInWords(each)}</Text>
          {each !== 'done' && each !== 'dead' && (
            <Text size="xs" c={stuckIn(items, { type, state: each }) > 0 ? 'orange' : 'dimmed'}>
              {`${stuckIn(items, { type, state: each })} stuck`}
            </Text>
          )}
        </UnstyledButton>
      ))}
    </div>
  );
}

const toneOf = (state: JobState, count: number) => (state === 'dead' && count > 0 ? 'red' : undefined);

const stuckIn = (items: JobCounts['items'], { type, state }: { type: string | undefined; state: JobState }) =>
  totalsOf(
    items.filter((item) => item.state === state),
    type,
  ).stuck;

/** The same for each type. */
export function JobTypes({ items }: { items: JobCounts['items'] }) {
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table
        verticalSpacing={4}
        aria-label="Jobs by type"
        maw={640}
        style={{ fontVariantNumeric: 'tabular-nums' }}
      >
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Type</Table.Th>
            {JOB_STATES.map((state) => (
              <Table.Th key={state} ta="right">
                {jobStateInWords(state)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {typesOf(items).map((type) => {
            const totals = totalsOf(items, type);
            return (
              <Table.Tr key={type}>
                <Table.Td>{analysisInWords(type)}</Table.Td>
                {JOB_STATES.map((state) => (
                  <Table.Td key={state} ta="right">
                    {totals[state]}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
