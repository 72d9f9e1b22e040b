import type { AssignmentView } from '@camfleet/protocol';

/** Why a worker lost a camera, by its code. */
const WORDS: Readonly<Record<string, string>> = {
  WORKER_LOST: 'The worker was lost, so the camera went to another one.',
  WORKER_DRAINED: 'The worker was drained and handed the camera over.',
  WORKER_REMOVED: 'The worker was removed from the fleet.',
  WORKER_RESTARTED: 'The worker was started anew.',
  REBALANCED: 'It moved to spread the load over the workers.',
  NO_FRAME: 'It gave no picture here in time, so the camera stayed where it was.',
};

const STATES: Readonly<Record<AssignmentView['state'], string>> = {
  placing: 'Being placed',
  assigned: 'Starting',
  running: 'Running',
  standby: 'Taking over',
  releasing: 'Handing over',
  released: 'Ended',
  cancelled: 'Not taken over',
};

export const assignmentStateInWords = (state: AssignmentView['state']) => STATES[state];

/** Why it ended, in a sentence; `undefined` while it has not. */
export function endInWords({ reason, endedAt }: AssignmentView): string | undefined {
  const [, code = '', sentence] = /^([A-Z][A-Z0-9_]+)(?::\s*(.*))?$/s.exec(reason ?? '') ?? [];
  const known = WORDS[code] ?? sentence ?? (reason || undefined);
  if (known) return known;
  return endedAt === undefined ? undefined : 'The camera was stopped.';
}
