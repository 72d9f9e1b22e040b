import { createHash, randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';

/** Held while migrating, so that of several starting replicas one applies and the others wait. */
const MIGRATION_LOCK = 7270000;

/** Prisma's own record of what was applied, so that its tools agree with us. */
const RECORD_TABLE = `
  CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id varchar(36) PRIMARY KEY,
    checksum varchar(64) NOT NULL,
    finished_at timestamptz,
    migration_name varchar(255) NOT NULL,
    logs text,
    rolled_back_at timestamptz,
    started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0
  )`;

/**
 * Applies what is missing of `directory/<name>/migration.sql`, in the order of the names, each in a
 * transaction of its own. Answers the names applied. Throws when an applied file was changed since.
 * (Prisma's CLI needs an engine that it downloads; this needs nothing.)
 */
export async function migrate({ url, directory }: { url: string; directory: string }): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(RECORD_TABLE);
    return await applyMissing(client, directory);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: Client, directory: string): Promise<string[]> {
  const known = await client.query<{ migration_name: string; checksum: string }>(
    'SELECT migration_name, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL',
  );
  const checksums = new Map(known.rows.map((row) => [row.migration_name, row.checksum]));
  const applied: string[] = [];
  for (const name of await migrationNames(directory)) {
    const sql = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    const checksum = createHash('sha256').update(sql).digest('hex');
    const recorded = checksums.get(name);
    if (recorded === checksum) continue;
    if (recorded) throw new Error(`The migration ${name} was changed after it had been applied.`);
    await apply(client, { name, sql, checksum });
    applied.push(name);
  }
  return applied;
}

async function apply(
  client: Client,
  migration: { name: string; sql: string; checksum: string },
): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(migration.sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), migration.checksum, migration.name],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  }
}

async function migrationNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}
