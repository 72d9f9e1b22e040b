import { Anchor, Group, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import { CopyText } from '../../components/copy-text';
import { clockInWords, durationInWords, localDateTime } from '../../components/time';
import { scoreInWords } from '../face-search/score-in-words';
import { usePeopleModel } from '../people/use-people';
import { qualityLines } from './quality-in-words';
import type { Visit } from './visit';

export interface VisitDetailsProps {
  visit: Visit;
  cameraName: string;
  /** Somebody goes to the second of the recording: it may be on this page, under what is open. */
  onLeave: () => void;
}

/** Everything that is known of a visit, one line each, in plain words. */
export function VisitDetails({ visit, cameraName, onLeave }: VisitDetailsProps) {
  const { best, cameraId, videoId } = visit;
  const startMs = typeof visit.data['startMs'] === 'number' ? visit.data['startMs'] : 0;
  const { data: model } = usePeopleModel();
  const isVisit = visit.type === 'face' || visit.type === 'object';
  const lasted = durationInWords(Date.parse(visit.lastAt) - Date.parse(visit.firstAt));
  return (
    <Table withRowBorders={false} verticalSpacing={4} aria-label="Details">
      <Table.Tbody>
        <Line label={videoId === undefined ? 'Camera' : 'Recording'}>
          {videoId !== undefined ? (
            <RecordingLink videoId={videoId} startMs={startMs} onLeave={onLeave}>
              {`${cameraName}, at ${clockInWords(startMs)}`}
            </RecordingLink>
          ) : cameraId === undefined ? (
            cameraName
          ) : (
            <Anchor component={Link} to={`/?camera=${encodeURIComponent(cameraId)}`} size="sm">
              {cameraName}
            </Anchor>
          )}
        </Line>
        {visit.person && (
          <Line label="Person">
            <Anchor component={Link} to={`/people/${encodeURIComponent(visit.person.id)}`} size="sm">
              {visit.person.name}
            </Anchor>
            {`, ${surenessInWords(visit.person.score, model?.threshold)}`}
          </Line>
        )}
        {isVisit && <Line label="Came">{localDateTime(visit.firstAt)}</Line>}
        {isVisit && (visit.running || visit.lastAt > visit.firstAt) && (
          <Line label="Stayed">{visit.running ? `${lasted}, still there` : lasted}</Line>
        )}
        {!isVisit && <Line label="When">{localDateTime(visit.firstAt)}</Line>}
        {visit.type === 'object' && best.score !== undefined && (
          <Line label="Sure">{`${Math.round(best.score * 100)} %`}</Line>
        )}
        {qualityLines(best.quality ?? {}).map(([label, words]) => (
          <Line key={label} label={label}>
            {words}
          </Line>
        ))}
        <Line label="For support">
          <Group gap={4}>
            The id of this event
            <CopyText text={best.id} label="the id of this event" />
          </Group>
        </Line>
      </Table.Tbody>
    </Table>
  );
}

interface RecordingLinkProps {
  videoId: string;
  startMs: number;
  onLeave: () => void;
  children: ReactNode;
}

/** On the recording's own page the tab that is open stays open. */
function RecordingLink({ videoId, startMs, onLeave, children }: RecordingLinkProps) {
  const { videoId: openId } = useParams();
  const [search] = useSearchParams();
  const show = openId === videoId ? search.get('show') : null;
  const query = new URLSearchParams({ at: String(startMs), ...(show !== null && { show }) });
  return (
    <Anchor
      component={Link}
      to={`/videos/${encodeURIComponent(videoId)}?${query.toString()}`}
      onClick={onLeave}
      size="sm"
    >
      {children}
    </Anchor>
  );
}

/** Without a score a user said so. */
function surenessInWords(score: number | undefined, threshold: number | null | undefined): string {
  return score === undefined ? 'said by a user' : scoreInWords(score, threshold).toLowerCase();
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w={120} fw={500} c="dimmed">
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  );
}
