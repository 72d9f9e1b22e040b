import { Anchor, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { durationInWords, localDateTime } from '../../components/time';
import type { Visit } from './visit';
import { percent } from './visit-card';

/** Everything that is known of a visit, one line each. */
export function VisitDetails({ visit, cameraName }: { visit: Visit; cameraName: string }) {
  const { best, cameraId } = visit;
  const lasted = durationInWords(Date.parse(visit.lastAt) - Date.parse(visit.firstAt));
  return (
    <Table withRowBorders={false} verticalSpacing={4} aria-label="Details">
      <Table.Tbody>
        <Line label="Camera">
          {cameraId === undefined ? (
            cameraName
          ) : (
            <Anchor component={Link} to={`/?camera=${encodeURIComponent(cameraId)}`} size="sm">
              {cameraName}
            </Anchor>
          )}
        </Line>
        {visit.personName && <Line label="Person">{visit.personName}</Line>}
        <Line label="Came">{localDateTime(visit.firstAt)}</Line>
        <Line label="Stayed">{visit.running ? `${lasted}, still there` : lasted}</Line>
        {best.score !== undefined && <Line label="Score">{percent(best.score)}</Line>}
        {Object.entries(best.quality ?? {}).map(([name, value]) => (
          <Line key={name} label={`Quality: ${inWords(name)}`}>
            {valueInWords(value)}
          </Line>
        ))}
        <Line label="Event">{best.id}</Line>
      </Table.Tbody>
    </Table>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={150} fw={500} c="dimmed">
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}

/** `faceHeightPx` → `face height px`. */
const inWords = (name: string) => name.replace(/([A-Z])/g, ' $1').toLowerCase();

function valueInWords(value: unknown): string {
  if (typeof value === 'number') return String(Math.round(value * 100) / 100);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
