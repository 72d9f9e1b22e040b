import 'dotenv/config';
import { ConfigError, readWorkerConfig } from '@camfleet/config';
import { BullMqCommandQueue } from '@camfleet/queue';
import { createLogger } from '@camfleet/telemetry';
import { startWorker } from './worker';

/** `npm run worker`: one worker of a fleet, configured by the environment. */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger({ service: 'worker' });
  const queue =
    config.redisUrl === undefined
      ? undefined
      : new BullMqCommandQueue({
          redisUrl: config.redisUrl,
          onError: (error) => logger.warn({ cause: error.message }, 'queue.unreachable'),
        });
  const worker = await startWorker({ config, logger, queue });
  logger.info({ httpUrl: worker.httpUrl }, 'worker.listening');
  const stopped = new Promise<number>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(0));
    void worker.ended.then(() => resolve(1));
  });
  const exitCode = await stopped;
  await worker.stop({ drain: true });
  await queue?.close();
  process.exit(exitCode);
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.lines : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
});
