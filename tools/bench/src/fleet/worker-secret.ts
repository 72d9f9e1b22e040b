import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';

interface SecretBoxModule {
  SecretBox: new (secretKey: string) => { open(sealed: string): string };
}

const isSecretBoxModule = (value: unknown): value is SecretBoxModule =>
  typeof value === 'object' && value !== null && 'SecretBox' in value;

/** What the API signs its requests to the one worker with: so that the bench can ask the worker itself. */
export async function workerSecret(options: {
  root: string;
  databaseUrl: string;
  secretKey: string;
}): Promise<string> {
  const client = new Client({ connectionString: options.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT secret FROM workers');
    const [{ secret }] = z.tuple([z.object({ secret: z.string() })]).parse(rows);
    const module: unknown = createRequire(__filename)(join(options.root, 'apps/api/dist/core/secret-box.js'));
    if (!isSecretBoxModule(module))
      throw new Error('The API is built in a way that the bench does not know.');
    return new module.SecretBox(options.secretKey).open(secret);
  } finally {
    await client.end();
  }
}
