import { createLogger } from '@camfleet/telemetry';
import { createAnalyses } from './analyses';
import { type FromJobChild, JobChildSettings, ToJobChild } from './ipc';
import { JobHost } from './job-host';

/** The entry of a job child: forked by the worker, useless by itself. */
function main(): void {
  const logger = createLogger({ service: 'worker-job' });
  const settings = JobChildSettings.parse(JSON.parse(process.env.CAMFLEET_JOB_CHILD ?? '{}'));
  const send = (message: FromJobChild) => process.connected && process.send?.(message);
  const host = new JobHost(createAnalyses(settings), send);
  // Without its worker nobody renews the lease. An exit in good order, while a picture is decoded, ends in a crash.
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', (raw) => {
    const parsed = ToJobChild.safeParse(raw);
    if (parsed.success) host.receive(parsed.data);
    else logger.error({ issues: parsed.error.issues.length }, 'job-child.message-malformed');
  });
  // A Ctrl-C reaches the whole process group; the worker decides when its children end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  send({ type: 'ready' });
}

main();
