/** State machines as data: each table says which states may follow which. */
export type Transitions<State extends string> = Readonly<Record<State, readonly State[]>>;

export function canBecome<State extends string>(
  table: Transitions<State>,
  change: { from: State; to: State },
) {
  return table[change.from].includes(change.to);
}

/** The states that may become `state`. */
export function statesBefore<State extends string>(table: Transitions<State>, state: State): State[] {
  return (Object.keys(table) as State[]).filter((from) => table[from].includes(state));
}

export const WORKER_STATES = [
  'registered',
  'online',
  'suspect',
  'lost',
  'draining',
  'drained',
  'removed',
] as const;
export type WorkerState = (typeof WORKER_STATES)[number];

/**
 * `lost` follows at once, from any state that may hold cameras, when the worker's process is known to be gone or its
 * lease ends. A `drained` one holds nothing and may end: it stays `drained` until a process registers under its id.
 * `registered → draining`: an operator drained it while it was away.
 */
export const WORKER_TRANSITIONS: Transitions<WorkerState> = {
  registered: ['online', 'draining', 'lost', 'removed'],
  online: ['suspect', 'draining', 'lost', 'removed'],
  suspect: ['online', 'draining', 'lost', 'removed'],
  lost: ['registered', 'removed'],
  draining: ['drained', 'online', 'lost', 'removed'],
  drained: ['registered', 'online', 'removed'],
  removed: [],
};

export const ASSIGNMENT_STATES = [
  'placing',
  'assigned',
  'running',
  'standby',
  'releasing',
  'released',
  'cancelled',
] as const;
export type AssignmentState = (typeof ASSIGNMENT_STATES)[number];

export const ASSIGNMENT_TRANSITIONS: Transitions<AssignmentState> = {
  placing: ['assigned', 'standby', 'released'],
  assigned: ['running', 'placing', 'releasing', 'released'],
  running: ['releasing', 'placing', 'released'],
  standby: ['running', 'cancelled', 'released'],
  releasing: ['released', 'running'],
  released: [],
  cancelled: [],
};

/** States in which a worker is told to run the camera. */
export const HELD_ASSIGNMENT_STATES: readonly AssignmentState[] = [
  'assigned',
  'running',
  'standby',
  'releasing',
];

export const STREAM_STATES = ['stopped', 'starting', 'streaming', 'reconnecting', 'failed'] as const;
export type StreamState = (typeof STREAM_STATES)[number];

export const STREAM_TRANSITIONS: Transitions<StreamState> = {
  stopped: ['starting'],
  starting: ['streaming', 'reconnecting', 'failed', 'stopped'],
  streaming: ['reconnecting', 'stopped'],
  reconnecting: ['streaming', 'failed', 'stopped'],
  failed: ['starting', 'stopped'],
};

export const COMMAND_TYPES = ['ASSIGN_CAMERA', 'UNASSIGN_CAMERA', 'UPDATE_CAMERA', 'DRAIN'] as const;
export type CommandType = (typeof COMMAND_TYPES)[number];

export const COMMAND_STATES = ['queued', 'delivered', 'succeeded', 'failed', 'expired'] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

export const COMMAND_TRANSITIONS: Transitions<CommandState> = {
  queued: ['delivered', 'succeeded', 'failed', 'expired'],
  delivered: ['succeeded', 'failed', 'expired'],
  succeeded: [],
  failed: [],
  expired: [],
};

export const JOB_STATES = ['queued', 'leased', 'done', 'dead'] as const;
export type JobState = (typeof JOB_STATES)[number];

/**
 * `leased → queued`: it failed with attempts left; one whose lease ran out stays `leased` until somebody claims it, which they may at
 * once. `dead → queued`: driven again. `done → queued`: asked for again with other parameters, which any state may be.
 */
export const JOB_TRANSITIONS: Transitions<JobState> = {
  queued: ['leased'],
  leased: ['queued', 'done', 'dead'],
  done: ['queued'],
  dead: ['queued'],
};
