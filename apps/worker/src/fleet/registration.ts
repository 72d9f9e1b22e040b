import { RegisterAnswer, type RegisterRequest } from '@camfleet/protocol';
import type { Logger } from '@camfleet/telemetry';
import { BackOff } from '../capture/back-off';
import { type ApiAnswer, type ApiClient, ApiUnreachableError } from './api-client';
import type { FleetClock } from './fleet-clock';
import type { MachineClock } from './machine-clock';
import { pause } from './pause';

const REGISTER_TIMEOUT_MS = 5_000;
const LOOK_TIMEOUT_MS = 1_000;
const MAX_RETRY_AFTER_MS = 60_000;
/** Whom the API has forgotten, it has forgotten with all others: they come back spread over this time. */
const RETURN_SPREAD_MS = 500;

/** The API will never take this worker: it ends. */
export class WorkerEndedError extends Error {
  override readonly name = 'WorkerEndedError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface RegistrationOptions {
  api: ApiClient;
  machine: MachineClock;
  clock: FleetClock;
  logger: Logger;
  /** Asked anew for each try. */
  request: () => RegisterRequest;
  signal: AbortSignal;
  /** It was registered before: there is no hurry, and it is not alone. */
  isReturn: boolean;
}

/**
 * Registers, however long the API takes to come up. While another process answers under this worker's id it
 * says so and tries again. Throws {@link WorkerEndedError} when the worker was removed, and on abort.
 */
export async function register(options: RegistrationOptions): Promise<RegisterAnswer> {
  const backOff = new BackOff({ firstMs: 100, capMs: 5_000 });
  const keyBackOff = new BackOff({ firstMs: 1_000, capMs: 30_000 });
  let isKeyRefused = false;
  if (options.isReturn) await pause(Math.random() * RETURN_SPREAD_MS, options.signal);
  for (;;) {
    options.signal.throwIfAborted();
    await findReplica(options);
    const sentAtMs = options.machine.nowMs();
    const answer = await attempt(options);
    const parsed = answer?.status === 201 ? RegisterAnswer.safeParse(answer.body) : undefined;
    if (parsed?.success) {
      const receivedAtMs = options.machine.nowMs();
      const serverTimeMs = Date.parse(parsed.data.serverTime);
      options.clock.observe({ serverTimeMs, sentAtMs, receivedAtMs });
      options.api.learnUrls(parsed.data.apiUrls);
      return parsed.data;
    }
    if (answer?.status === 410) {
      throw new WorkerEndedError('WORKER_REMOVED', 'This worker was removed from the fleet.');
    }
    // Somebody has to set another key: said once, and asked again in no hurry.
    const wasKeyRefused = isKeyRefused;
    isKeyRefused = answer?.status === 401 || answer?.status === 403;
    if (!(isKeyRefused && wasKeyRefused)) report(options, answer);
    const askedForMs = Math.min(answer?.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS);
    const waitMs = isKeyRefused ? keyBackOff.nextMs() : backOff.nextMs();
    await pause(askedForMs + waitMs, options.signal);
  }
}

/** Two registrations at a time would be no good: first of all the replica that lives is found. */
async function findReplica({ api, signal }: RegistrationOptions): Promise<void> {
  const look = { method: 'GET', path: '/healthz', timeoutMs: LOOK_TIMEOUT_MS, isRepeatable: true } as const;
  await api.call({ ...look, signal }).catch(() => undefined);
}

async function attempt({ api, logger, request, signal }: RegistrationOptions) {
  try {
    return await api.call({
      method: 'POST',
      path: '/api/workers/register',
      body: request(),
      timeoutMs: REGISTER_TIMEOUT_MS,
      signal,
    });
  } catch (error) {
    if (!signal.aborted)
      logger.warn({ apiUrl: api.currentUrl, cause: String(error) }, 'worker.api-unreachable');
    return error instanceof ApiUnreachableError ? error.answer : undefined;
  }
}

function report({ logger, request }: RegistrationOptions, answer: ApiAnswer | undefined): void {
  if (!answer) return;
  const fields = { status: answer.status, code: answer.errorCode, apiUrl: answer.url };
  if (answer.errorCode === 'WORKER_ID_IN_USE') {
    const hint = `Another process runs as worker ${request().workerId}: stop it, or set WORKER_ID.`;
    logger.error({ ...fields, hint }, 'worker.id-in-use');
  } else if (answer.status === 401 || answer.status === 403) {
    logger.error(
      { ...fields, hint: 'This key is not a worker’s key: set WORKER_API_KEY to one that is.' },
      'worker.key-refused',
    );
  } else {
    logger.warn(fields, 'worker.registration-refused');
  }
}
