import { z } from 'zod';

/** Of each file: what is in it, by label, each thing with when it is seen, in seconds. */
export const ObjectsTruth = z.record(
  z.string(),
  z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
);

export interface Track {
  label: string;
  start_ms: number;
  end_ms: number;
}

export interface TrackCounts {
  counted: number;
  found: number;
  /** Times that a thing got another id while it was seen, or that an id went over to another thing. */
  switches: number;
}

/**
 * Tracks of one label held against the things that are there: each thing has the track that it shares the longest time
 * with, and each track one thing. One that is seen when nothing is there is found, too.
 */
export function compareTracks(
  tracks: readonly Track[],
  things: readonly (readonly [number, number])[],
): TrackCounts {
  const meetings = tracks
    .flatMap((track) => things.map((thing) => ({ track, thing, ms: overlapMs(track, thing) })))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
  const pairs = new Map<Track, readonly [number, number]>();
  for (const { track, thing } of meetings)
    if (!pairs.has(track) && ![...pairs.values()].includes(thing)) pairs.set(track, thing);
  const paired = new Set<unknown>([...pairs.keys(), ...pairs.values()]);
  const left = new Set(
    meetings.flatMap(({ track, thing }) => [track, thing].filter((it) => !paired.has(it))),
  );
  return { counted: things.length, found: tracks.length, switches: left.size };
}

function overlapMs({ start_ms, end_ms }: Track, [from, to]: readonly [number, number]): number {
  return Math.min(end_ms, to * 1000) - Math.max(start_ms, from * 1000);
}
