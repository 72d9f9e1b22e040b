import type { Database, Queryable } from './database';
import { Prisma } from './generated/client';

/** For so long a file may be there that no row refers to yet. */
const UNCLAIMED_MS = 3_600_000;
/** Deleting a batch; what does not end in this time is done again. */
const LIMITS = { timeout: 60_000, maxWait: 10_000 };

/**
 * The files are to go once this transaction is committed. Of the same transaction that takes the last reference away:
 * so no crash leaves a file that nothing refers to.
 */
export async function doomFiles(tx: Queryable, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO doomed_files (key) SELECT DISTINCT unnest(${[...keys]}::text[])
    ON CONFLICT (key) DO UPDATE SET due_at = now()`;
}

/** As {@link doomFiles}, later: what may still come there by a URL that was given out. */
export async function doomLater(tx: Queryable, key: string, afterMs: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO doomed_files (key, due_at) VALUES (${key}, now() + ${afterMs} * interval '1 millisecond')
    ON CONFLICT (key) DO NOTHING`;
}

/**
 * Files that were staged are referred to by what this transaction writes. Throws when one is gone: it was staged too
 * long ago.
 */
export async function claimFiles(tx: Queryable, keys: readonly string[]): Promise<void> {
  const wanted = [...new Set(keys)];
  if (wanted.length === 0) return;
  const claimed = await tx.$executeRaw`DELETE FROM doomed_files WHERE key = ANY(${wanted}::text[])`;
  if (claimed < wanted.length) throw new Error('A file was deleted before it could be kept.');
}

/** What became of files that were to be deleted. */
export type FileDeleter = (keys: readonly string[]) => Promise<{ failed: readonly string[] }>;

/** Files on their way out. Any number of replicas deletes; each file is one's at a time. */
export class DoomedFilesRepository {
  constructor(private readonly database: Database) {}

  /** Before files are written: they go again unless a transaction claims them in time. */
  async stage(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    await this.database.prisma.$executeRaw`
      INSERT INTO doomed_files (key, due_at)
      SELECT DISTINCT unnest(${[...keys]}::text[]), now() + ${UNCLAIMED_MS} * interval '1 millisecond'
      ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at`;
  }

  /** As {@link stage}, of files that a foreign process may write; those that a row refers to already stay. */
  async stageForeign(keys: readonly string[], { forMs }: { forMs: number }): Promise<void> {
    await this.database.prisma.$executeRaw`
      INSERT INTO doomed_files (key, due_at)
      SELECT key, now() + ${forMs} * interval '1 millisecond' FROM unreferenced_files(${[...keys]}::text[]) AS key
      ON CONFLICT (key) DO UPDATE SET due_at = greatest(doomed_files.due_at, excluded.due_at)`;
  }

  /** Of those that are due some that nobody else is at. Answers how many there were, deleted or not. */
  sweep(limit: number, { retryAfterMs }: { retryAfterMs: number }, deleter: FileDeleter): Promise<number> {
    const due = Prisma.sql`due_at <= now() ORDER BY due_at LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
    return this.deleteWhere(due, { retryAfterMs }, deleter);
  }

  /** Those of `keys` that are doomed or staged, now; waits for whoever is at one of them. */
  remove(
    keys: readonly string[],
    { retryAfterMs }: { retryAfterMs: number },
    deleter: FileDeleter,
  ): Promise<number> {
    const named = Prisma.sql`key = ANY(${[...keys]}::text[]) ORDER BY key FOR UPDATE`;
    return this.deleteWhere(named, { retryAfterMs }, deleter);
  }

  /** The rows are held until the files are gone, and go with them. */
  private deleteWhere(
    condition: Prisma.Sql,
    { retryAfterMs }: { retryAfterMs: number },
    deleter: FileDeleter,
  ): Promise<number> {
    return this.database.prisma.$transaction(async (tx) => {
      const rows = await tx.$queryRaw<{ key: string }[]>`SELECT key FROM doomed_files WHERE ${condition}`;
      const keys = rows.map(({ key }) => key);
      if (keys.length === 0) return 0;
      const { failed } = await deleter(keys);
      const gone = keys.filter((key) => !failed.includes(key));
      await tx.$executeRaw`DELETE FROM doomed_files WHERE key = ANY(${gone}::text[])`;
      // The others' turn comes first: one that cannot be deleted holds up nothing.
      await tx.$executeRaw`
        UPDATE doomed_files SET due_at = now() + ${retryAfterMs} * interval '1 millisecond'
        WHERE key = ANY(${[...failed]}::text[])`;
      return keys.length;
    }, LIMITS);
  }
}
