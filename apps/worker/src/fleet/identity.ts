import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface WorkerIdentity {
  /** The same as long as the data folder lives. */
  workerId: string;
  /** New at each start: the API tells a restart from a twin by it. */
  instanceId: string;
}

/** The id that the configuration names, else the one kept in the data folder, else a new one, kept from now. */
export async function loadIdentity(options: {
  dataDirectory: string;
  workerId?: string;
}): Promise<WorkerIdentity> {
  const instanceId = randomUUID();
  if (options.workerId) return { workerId: options.workerId, instanceId };
  const path = join(options.dataDirectory, 'worker-id');
  const kept = await readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  if (/^[\w.-]{1,100}$/.test(kept)) return { workerId: kept, instanceId };
  const workerId = randomUUID();
  await mkdir(options.dataDirectory, { recursive: true });
  await writeFile(`${path}.new`, `${workerId}\n`);
  await rename(`${path}.new`, path);
  return { workerId, instanceId };
}
