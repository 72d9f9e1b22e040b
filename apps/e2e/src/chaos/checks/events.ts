import type { AcceptedEvent } from '../witnesses/accepted-events';

export interface StoredEvent {
  id: string;
  sequence: number;
}

export interface EventCounts {
  accepted: number;
  stored: number;
  lost: number;
  /** Stored, or told to a reader, more than once. */
  doubled: number;
  /** That the reader should have seen and did not. */
  skipped: number;
}

/**
 * What was accepted is stored exactly once, and a reader with `after` saw everything once, in order.
 * @param options.read what the reader saw, in its order
 * @returns the counts, and one sentence for each breach
 */
export function checkEvents(options: {
  accepted: ReadonlyMap<string, AcceptedEvent>;
  stored: readonly StoredEvent[];
  read: readonly StoredEvent[];
}): { counts: EventCounts; breaches: string[] } {
  const { accepted, stored, read } = options;
  const storedIds = new Set(stored.map(({ id }) => id));
  const readIds = new Set(read.map(({ id }) => id));
  const lost = [...accepted.values()].filter(({ id }) => !storedIds.has(id));
  const doubled = stored.length - storedIds.size + (read.length - readIds.size);
  const skipped = stored.filter(({ id }) => !readIds.has(id));
  const backwards = read.filter(({ sequence }, index) => sequence <= (read[index - 1]?.sequence ?? -1));
  const breaches = [
    ...lost.map(
      ({ id, workerId, cameraId }) => `${workerId} accepted ${id} of ${cameraId}, which is not stored`,
    ),
    ...(doubled > 0 ? [`${doubled} events were stored or told twice`] : []),
    ...skipped.map(({ id, sequence }) => `a reader that follows with "after" never saw ${id} (${sequence})`),
    ...backwards.map(({ id, sequence }) => `a reader saw ${id} (${sequence}) after a later one`),
  ];
  const counts = {
    accepted: accepted.size,
    stored: stored.length,
    lost: lost.length,
    doubled,
    skipped: skipped.length,
  };
  return { counts, breaches };
}
