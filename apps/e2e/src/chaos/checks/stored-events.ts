import { Client } from 'pg';
import { z } from 'zod';
import type { StoredEvent } from './events';

const Rows = z.array(z.object({ id: z.string(), sequence: z.coerce.number() }));

/** The whole table, by sequence: the database itself is asked, and no replica. */
export async function storedEvents(databaseUrl: string): Promise<StoredEvent[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT id, sequence FROM events ORDER BY sequence');
    return Rows.parse(rows);
  } finally {
    await client.end();
  }
}
