const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;

/**
 * How long to wait before the next try: doubles from 0.5 s up to 15 s, times 0.5 to 1 by chance, so that
 * many browsers do not come back at the same instant.
 * @param attempt 0 for the first try after a loss
 * @param random 0 to 1
 */
export function backoffDelayMs(attempt: number, random: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (0.5 + random / 2));
}
