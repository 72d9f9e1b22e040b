import type { CameraMove, FleetChange, WorkerChange } from './fleet-log';

/** Cameras that left one worker together. */
export interface MoveGroup {
  kind: 'moves';
  key: string;
  at: number;
  from: string;
  moves: CameraMove[];
}

/** Moves from one worker this close together are one happening. */
const TOGETHER_MS = 5_000;

/** Newest first, as the changes are. */
export function groupedChanges(changes: readonly FleetChange[]): (WorkerChange | MoveGroup)[] {
  const rows: (WorkerChange | MoveGroup)[] = [];
  for (const change of changes) {
    if (change.kind === 'worker') {
      rows.push(change);
      continue;
    }
    const group = rows.find(
      (row): row is MoveGroup =>
        row.kind === 'moves' && row.from === change.from && row.at - change.at <= TOGETHER_MS,
    );
    if (group) group.moves.push(change);
    else rows.push({ kind: 'moves', key: change.key, at: change.at, from: change.from, moves: [change] });
  }
  return rows;
}
