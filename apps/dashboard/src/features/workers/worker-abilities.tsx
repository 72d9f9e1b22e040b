import { Badge, Group, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyText } from '../../components/copy-text';
import { Fold } from '../../components/fold';
import type { FleetWorker } from '../fleet/fleet-view';
import { pixelsInWords, valueInWords, wordsOfName } from './abilities-in-words';

/** What a worker could run: what placement goes by, and what a person needs to know of the machine. */
export function WorkerAbilities({ worker }: { worker: FleetWorker }) {
  const { capacity, models, analyses, hardware, version, id } = worker;
  const labels = Object.entries(worker.labels);
  return (
    <Fold title="What it can do" of={worker.name}>
      <Table
        withRowBorders={false}
        verticalSpacing={3}
        horizontalSpacing={0}
        aria-label={`Abilities of ${worker.name}`}
      >
        <Table.Tbody>
          <Line label="Cameras">{`up to ${capacity.cameras}`}</Line>
          {capacity.pixelsPerSecond !== undefined && (
            <Line label="Decoding">{pixelsInWords(capacity.pixelsPerSecond)}</Line>
          )}
          {labels.length > 0 && (
            <Line label="Labels">
              <Group gap={4}>
                {labels.map(([name, value]) => (
                  <Badge key={name} variant="default" tt="none" fw={500}>{`${name}=${value}`}</Badge>
                ))}
              </Group>
            </Line>
          )}
          {analyses.length > 0 && <Line label="Finds">{analyses.join(', ')}</Line>}
          {models.length > 0 && (
            <Line label="Models">{models.map((model) => `${model.name} ${model.version}`).join(', ')}</Line>
          )}
          {Object.entries(hardware ?? {}).map(([name, value]) => (
            <Line key={name} label={wordsOfName(name)}>
              {valueInWords(value)}
            </Line>
          ))}
          <Line label="Version">{version}</Line>
          <Line label="Id">
            <Group gap={4} wrap="nowrap">
              <Text size="sm" truncate maw={180} title={id}>
                {id}
              </Text>
              <CopyText text={id} label={`the id of ${worker.name}`} />
            </Group>
          </Line>
        </Table.Tbody>
      </Table>
    </Fold>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={96} fw={500} c="dimmed" fz="sm">
        {label}
      </Table.Th>
      <Table.Td fz="sm" style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Table.Td>
    </Table.Tr>
  );
}
