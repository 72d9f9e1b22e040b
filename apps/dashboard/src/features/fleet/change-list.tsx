import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { localTime } from '../../components/time';
import classes from './fleet.module.css';
import { happeningInWords, moveInWords } from './change-words';
import type { CameraMove, WorkerChange } from './fleet-log';
import { useFleetChanges } from './fleet-log-provider';
import { groupedChanges, type MoveGroup } from './grouped-changes';
import { useAnyWorkerName } from './use-fleet';

/** Rows and, in a row, cameras that are shown; the rest is counted. */
const SHOWN_ROWS = 30;
const SHOWN_MOVES = 6;

/** What happened in the fleet lately, newest first. */
export function ChangeList() {
  const changes = useFleetChanges();
  const rows = useMemo(() => groupedChanges(changes).slice(0, SHOWN_ROWS), [changes]);
  const workerName = useAnyWorkerName();
  if (rows.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing has changed lately.
      </Text>
    );
  return (
    <div role="log" aria-label="Recent changes">
      <ol className={classes.changes}>
        {rows.map((row) => (
          <li key={row.key} className={classes.change} data-tone={toneOf(row)}>
            <Text size="xs" c="dimmed" component="time" dateTime={new Date(row.at).toISOString()}>
              {localTime(new Date(row.at).toISOString())}
            </Text>
            {row.kind === 'worker' ? (
              <WorkerRow change={row} name={workerName(row.workerId)} />
            ) : (
              <MovesRow group={row} workerName={workerName} />
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

function WorkerRow({ change, name }: { change: WorkerChange; name: string }) {
  return (
    <Text size="sm">
      <b>{name}</b>
      {` ${happeningInWords(change.happening)}`}
      {change.reason && `: ${change.reason}`}
    </Text>
  );
}

function MovesRow({ group, workerName }: { group: MoveGroup; workerName: (id: string) => string }) {
  const { moves, from } = group;
  const [only] = moves;
  if (moves.length === 1 && only)
    return (
      <Text size="sm">
        <b>{only.cameraName}</b>
        {` left ${workerName(from)}: ${moveInWords(only, workerName)}`}
      </Text>
    );
  return (
    <>
      <Text size="sm">
        <b>{`${moves.length} cameras`}</b>
        {` left ${workerName(from)}:`}
      </Text>
      <ul className={classes.moves}>
        {moves.slice(0, SHOWN_MOVES).map((move) => (
          <li key={move.key}>
            <Text size="xs">{`${move.cameraName} ${moveInWords(move, workerName)}`}</Text>
          </li>
        ))}
      </ul>
      {moves.length > SHOWN_MOVES && (
        <Text size="xs" c="dimmed">{`and ${moves.length - SHOWN_MOVES} more`}</Text>
      )}
    </>
  );
}

/** Its picture is back; of what is long past the record need not say so. */
function isOver({ liveAfterMs, recorded, to }: CameraMove): boolean {
  return liveAfterMs !== undefined || (recorded === true && to !== null);
}

function toneOf(row: WorkerChange | MoveGroup): 'bad' | 'busy' | 'good' {
  if (row.kind === 'moves') return row.moves.every(isOver) ? 'good' : 'busy';
  if (row.happening === 'lost') return 'bad';
  return row.happening === 'suspect' || row.happening === 'draining' ? 'busy' : 'good';
}
