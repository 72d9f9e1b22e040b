import 'dotenv/config';
import { ConfigError, readWorkerConfig } from '@camfleet/config';
import { openBullMqCommandQueue } from '@camfleet/queue';
import { createLogger } from '@camfleet/telemetry';
import { startWorker } from './worker';

/** `npm run worker`: one worker of a fleet, configured by the environment. */
async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger({ service: 'worker' });
  const queue =
    config.redisUrl === undefined
      ? undefined
      : await openBullMqCommandQueue({
          redisUrl: config.redisUrl,
          onError: (error) => logger.warn({ cause: error.message }, 'queue.unreachable'),
        });
  const worker = await startWorker({ config, logger, queue });
  logger.info({ httpUrl: worker.httpUrl }, 'worker.listening');
  const hurry = new AbortController();
  const signalled = stopSignal(hurry);
  const exitCode = await Promise.race([signalled.then(() => 0), worker.ended.then(() => 1)]);
  if (exitCode === 0) await worker.drain(hurry.signal);
  await worker.stop();
  await queue?.close();
  process.exit(exitCode);
}

/** npm and a terminal may both hand on one Ctrl-C: what comes this soon is the same one. */
const SAME_SIGNAL_MS = 500;

/** Resolves at the first signal to stop; the second one aborts `hurry`. */
function stopSignal(hurry: AbortController): Promise<void> {
  return new Promise((resolve) => {
    let firstAtMs: number | undefined;
    const onSignal = () => {
      firstAtMs ??= performance.now();
      if (performance.now() - firstAtMs > SAME_SIGNAL_MS) hurry.abort();
      resolve();
    };
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, onSignal);
  });
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.lines : [error instanceof Error ? error.message : String(error)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
});
