import { ConfigError, readApiConfig } from '@camfleet/config';
import { migrate } from '@camfleet/database';
import { openBullMqCommandQueue } from '@camfleet/queue';
import { createLogger } from '@camfleet/telemetry';
import 'dotenv/config';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startApi } from './start-api';

const ROOT = join(__dirname, '../../..');

/** `npm run api`: one replica of a fleet. */
async function main(): Promise<void> {
  const config = readApiConfig(process.env);
  const logger = createLogger({ service: 'api' });
  const queue = config.redisUrl
    ? await openBullMqCommandQueue({
        redisUrl: config.redisUrl,
        onError: (err) => logger.warn({ err }, 'queue.unavailable'),
      })
    : undefined;
  const applied = await migrate({ url: config.databaseUrl, directory: join(ROOT, 'prisma/migrations') });
  if (applied.length > 0) logger.info({ applied }, 'database.migrated');
  const api = await startApi({
    config,
    queue,
    logger,
    dashboardDirectory: join(ROOT, 'apps/dashboard/dist'),
  });
  const password = randomBytes(12).toString('base64url');
  if (await api.createFirstAdmin('admin', password))
    process.stdout.write(`First log-in: admin / ${password} (shown once)\n`);
  logger.info({ port: api.port }, 'api.started');
  const stop = () => {
    Promise.all([api.stop(), queue?.close()]).then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.lines : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) process.stderr.write(`${line}\n`);
  process.exit(1);
});
