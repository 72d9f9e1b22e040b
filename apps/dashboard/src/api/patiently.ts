import { isApiError } from './api-error';
import { backoffDelayMs } from './backoff';

const TRIES = 3;

/**
 * The answer to a question that may be asked again unharmed. While the server is still busy with what was seen before,
 * it is asked again, three times in all.
 */
export async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let tried = 1; ; tried += 1)
    try {
      return await ask();
    } catch (error) {
      if (tried === TRIES || !isApiError(error, 'DATABASE_UNAVAILABLE')) throw error;
      const delayMs = backoffDelayMs(tried - 1, Math.random());
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
}
