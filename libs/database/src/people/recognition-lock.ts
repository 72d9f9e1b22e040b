import type { Database, Queryable } from '../database';

const TRANSACTION_TIMEOUT_MS = 10_000;
/** A replica that is paused in it holds the others up for so long. */
const PAUSED_MS = 5_000;
const LIMITS = { timeout: TRANSACTION_TIMEOUT_MS, maxWait: TRANSACTION_TIMEOUT_MS };

/** Of each process one act waits for the row, and holds a connection meanwhile; the others wait for that one. */
const turns = new WeakMap<Database, Promise<unknown>>();

function inTurn<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(database) ?? Promise.resolve()).then(work);
  turns.set(
    database,
    turn.catch(() => undefined),
  );
  return turn;
}

/** Waits for the recogniser's row and holds it until the transaction ends, unless that pauses for {@link PAUSED_MS}. */
export async function lockRecognition(tx: Queryable): Promise<void> {
  await tx.$queryRaw`
    SELECT set_config('idle_in_transaction_session_timeout', ${String(PAUSED_MS)}, true)
    FROM recognition WHERE task = 'events' FOR UPDATE`;
}

/**
 * One transaction that holds the recogniser's row: whoever changes whom a visit shows does it here, one at a time,
 * so that what is judged by and what is judged stand still. Waits for its turn.
 */
export function changeIdentities<Result>(
  database: Database,
  work: (tx: Queryable) => Promise<Result>,
): Promise<Result> {
  return inTurn(database, () =>
    database.prisma.$transaction(async (tx) => {
      await lockRecognition(tx);
      return work(tx);
    }, LIMITS),
  );
}

/** As {@link changeIdentities}, with the sequence up to which events were recognised; `null` while another does. */
export function recogniseAlone<Result>(
  database: Database,
  work: (tx: Queryable, sequence: bigint) => Promise<Result>,
): Promise<Result | null> {
  return database.prisma.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ sequence: bigint }[]>`
      SELECT sequence, set_config('idle_in_transaction_session_timeout', ${String(PAUSED_MS)}, true)
      FROM recognition WHERE task = 'events' FOR UPDATE SKIP LOCKED`;
    return row ? work(tx, row.sequence) : null;
  }, LIMITS);
}
