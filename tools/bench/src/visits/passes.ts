import type { EventView } from '@camfleet/protocol';

export interface Passes {
  visits: number;
  passes: number;
  /** Passes that began no visit. */
  missed: number;
}

/**
 * How often somebody passed a camera whose clip shows it every so many seconds, from the first visit to the last, and
 * how many visits were told of it.
 */
export function passesOf(visits: readonly EventView[], periodSeconds: number): Passes {
  const times = visits.map(({ occurredAt }) => Date.parse(occurredAt)).sort((a, b) => a - b);
  const [first] = times;
  if (first === undefined) return { visits: 0, passes: 0, missed: 0 };
  const passOf = (time: number) => Math.round((time - first) / 1000 / periodSeconds);
  const seen = new Set(times.map(passOf));
  const passes = Math.max(...seen) + 1;
  return { visits: times.length, passes, missed: passes - seen.size };
}

/** The `new` events by camera. */
export function visitsByCamera(events: readonly EventView[]): Map<string, EventView[]> {
  const visits = new Map<string, EventView[]>();
  for (const event of events) {
    if (event.state !== 'new' || event.cameraId === undefined) continue;
    visits.set(event.cameraId, [...(visits.get(event.cameraId) ?? []), event]);
  }
  return visits;
}
