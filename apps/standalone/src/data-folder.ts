import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Secrets = z.object({
  secretKey: z.string(),
  workerApiKey: z.string(),
  adminApiKey: z.string(),
  adminPassword: z.string(),
});
export type Secrets = z.infer<typeof Secrets>;

/** Makes a folder and those above it. (Node's own recursive way never ends under /proc.) */
export function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory())
      throw Object.assign(new Error(`${path} is a file.`), { code: 'ENOTDIR' });
    return;
  }
  makeFolder(dirname(path));
  mkdirSync(path);
}

/** True before the first start on a data folder has made its secrets. */
export function isFirstStart(dataDirectory: string): boolean {
  return !existsSync(secretsFile(dataDirectory));
}

function secretsFile(dataDirectory: string): string {
  return join(dataDirectory, 'secrets.json');
}

/** What the all-in-one program makes up for itself, once; readable by its owner alone. */
export function readOrMakeSecrets(dataDirectory: string): Secrets {
  makeFolder(dataDirectory);
  const file = secretsFile(dataDirectory);
  if (existsSync(file)) return Secrets.parse(JSON.parse(readFileSync(file, 'utf8')));
  const random = (bytes: number) => randomBytes(bytes).toString('base64url');
  const secrets: Secrets = {
    secretKey: random(32),
    workerApiKey: `cf_worker_${random(24)}`,
    adminApiKey: `cf_admin_${random(24)}`,
    adminPassword: random(9),
  };
  // Whole or not at all: half a file would never be read again.
  writeFileSync(`${file}.part`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(`${file}.part`, file);
  return secrets;
}
