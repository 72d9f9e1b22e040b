/** What the simulated fleet is told over IPC; each order is answered once. */
export type Order =
  /** Everybody registers at once, opens its link and beats from then on. */
  | { kind: 'join' }
  /** Forgets what was measured, waits, answers what the heartbeats of that time took. */
  | { kind: 'measure'; seconds: number }
  /** Answered when the living have been woken since `sinceMs` and hold so many cameras between them. */
  | { kind: 'untilHeld'; cameras: number }
  /** So many workers end as a killed process does: no link, no server, no heartbeat. */
  | { kind: 'kill'; workers: number }
  /** Posts batches of events as fast as they are taken. */
  | { kind: 'ingest'; seconds: number; batchSize: number; senders: number };

export type OrderKind = Order['kind'];

export interface Answers {
  join: { tookMs: number; retries: number };
  measure: { held: number; beats: number; failures: number; p50Ms: number; p99Ms: number; slowestMs: number };
  /** Both on `Date.now()`, which parent and child share. */
  untilHeld: { heldAtMs: number; lastWakeAtMs: number; wakes: number };
  kill: { atMs: number };
  ingest: {
    accepted: number;
    rejected: number;
    failures: number;
    seconds: number;
    p50Ms: number;
    p99Ms: number;
  };
}

export interface FleetSettings {
  apiUrl: string;
  workerKey: string;
  workers: number;
  /** Those that can be killed later have servers of their own. */
  mortal: number;
}
