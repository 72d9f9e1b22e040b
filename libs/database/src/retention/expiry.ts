import type { Database, Queryable, Transaction } from '../database';
import { doomFiles } from '../doomed-files.repository';
import { Prisma } from '../generated/client';

/** What of a tenant is older than so many days. */
export interface Expiry {
  tenantId: string;
  days: number;
}

/** By the database's clock. */
export function before(days: number): Prisma.Sql {
  return Prisma.sql`now() - ${days} * interval '1 day'`;
}

export async function countOf(database: Database, from: Prisma.Sql): Promise<number> {
  const [row] = await database.prisma.$queryRaw<
    { count: number }[]
  >`SELECT count(*)::int AS count FROM ${from}`;
  return row?.count ?? 0;
}

/**
 * One batch, in a transaction: `deletion` takes references away and answers the keys of their files. Those that nothing
 * refers to then are doomed with it. One batch of a tenant at a time: of two that take a file's last two references away
 * at once, each would see the other's. Answers how many references went.
 */
export function deleteFiled(
  database: Database,
  tenantId: string,
  deletion: (tx: Transaction) => Promise<string[]>,
): Promise<number> {
  return database.prisma.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`camfleet:retention:${tenantId}`}))`;
    const keys = await deletion(tx);
    await doomUnreferenced(tx, keys);
    return keys.length;
  });
}

/** Of the transaction that took a reference away: others may refer to the same file. */
export async function doomUnreferenced(tx: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  const rows = await tx.$queryRaw<{ key: string }[]>`
    SELECT key FROM unreferenced_files(${[...keys]}::text[]) AS key`;
  await doomFiles(
    tx,
    rows.map(({ key }) => key),
  );
}
