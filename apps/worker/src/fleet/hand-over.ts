import { LinkedAbort } from '@camfleet/domain';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import type { ApiAnswer, ApiClient } from './api-client';
import { pause } from './pause';

const ASK_TIMEOUT_MS = 2_000;
const LOOK_INTERVAL_MS = 20;

export interface HandOverOptions {
  api: ApiClient;
  workerId: string;
  logger: Logger;
  /** No camera runs here any more. */
  isEmpty: () => boolean;
  /** Ends the wait, whatever still runs. */
  signal: AbortSignal;
}

/**
 * Asks the API to give this worker's cameras to others, and waits until the heartbeats have taken the last of them
 * away. Ends at once when the API says that it will not. Without cameras it asks too, though not for long: so the API
 * knows that this worker goes on purpose.
 */
export async function handOver({ logger, isEmpty, signal, ...asked }: HandOverOptions): Promise<void> {
  using asking = new LinkedAbort([signal, ...(isEmpty() ? [AbortSignal.timeout(ASK_TIMEOUT_MS)] : [])]);
  if (!(await isAccepted({ logger, isEmpty, signal: asking.signal, ...asked }))) return;
  logger.info({}, 'worker.draining');
  while (!isEmpty() && !signal.aborted) await pause(LOOK_INTERVAL_MS, signal);
  logger.info({ isEmpty: isEmpty() }, 'worker.drained');
}

/** Asks however often it takes. */
async function isAccepted({ api, workerId, logger, signal }: HandOverOptions): Promise<boolean> {
  const backOff = new BackOff({ firstMs: 100, capMs: 1_000 });
  const path = `/api/workers/${encodeURIComponent(workerId)}/drain`;
  while (!signal.aborted) {
    const answer: ApiAnswer | undefined = await api
      .call({ method: 'POST', path, timeoutMs: ASK_TIMEOUT_MS, isRepeatable: true, signal })
      .catch(() => undefined);
    if (answer && answer.status < 300) return true;
    logger.warn({ status: answer?.status, code: answer?.errorCode }, 'worker.drain-not-accepted');
    const isFinal = answer && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
    if (isFinal) return false;
    await pause(backOff.nextMs(), signal);
  }
  return false;
}
