import { until } from '@camfleet/testing';
import type { OwnProcess } from './own-process';

const READY_WITHIN_MS = 90_000;

/** Resolves when what listens there serves. Rejects as soon as `process`, which is to serve there, has ended. */
export async function untilReady(url: string, process?: OwnProcess): Promise<void> {
  const isReady = () =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(
    `${url} is ready`,
    () => {
      process?.checkAlive();
      return isReady();
    },
    READY_WITHIN_MS,
  );
}
