import { Socket } from 'node:net';
import { createLogger } from '@camfleet/telemetry';
import { createMachineClock } from '../fleet/machine-clock';
import { ChildHost } from './child-host';
import { ChildSettings, EVENT_PIPE_FD, type FromChild, PICTURE_PIPE_FD, ToChild } from './ipc';

/** Whatever hangs then: without a worker no source stays open for longer. */
const MAX_FAREWELL_MS = 3_000;

/** The entry of a decoder child: forked by the worker, useless by itself. */
async function main(): Promise<void> {
  const logger = createLogger({ service: 'worker-child' });
  const settings = ChildSettings.parse(JSON.parse(process.env.CAMFLEET_CHILD ?? '{}'));
  const starting = ChildHost.start({
    settings,
    logger,
    machine: createMachineClock(),
    pictures: new Socket({ fd: PICTURE_PIPE_FD, writable: true }),
    events: new Socket({ fd: EVENT_PIPE_FD, writable: true }),
    send: (message: FromChild) => process.connected && process.send?.(message),
  });
  // The worker is gone: nobody renews the lease, nobody takes the pictures. It may go while we are starting.
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), MAX_FAREWELL_MS);
    void starting.then((host) => host.stop()).finally(() => process.exit(0));
  });
  const host = await starting;
  process.on('message', (raw) => {
    const parsed = ToChild.safeParse(raw);
    if (parsed.success) host.receive(parsed.data);
    else logger.error({ issues: parsed.error.issues.length }, 'child.message-malformed');
  });
  // A Ctrl-C reaches the whole process group; the worker decides when its children end.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  host.announce();
}

main().catch((error: unknown) => {
  createLogger({ service: 'worker-child' }).fatal({ err: error }, 'child.start-failed');
  process.exit(1);
});
