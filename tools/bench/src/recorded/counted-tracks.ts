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

/** Tracks of one label held against the things that are there. One that is seen when nothing is there is found, too. */
export function compareTracks(
  tracks: readonly Track[],
  things: readonly (readonly [number, number])[],
): TrackCounts {
  const met = tracks.map((track) => things.map((thing) => overlapMs(track, thing) > 0));
  const ofTracks = met.map((row) => row.filter(Boolean).length);
  const ofThings = things.map((_, index) => met.filter((row) => row[index]).length);
  const beyondOne = (counts: readonly number[]) =>
    counts.reduce((sum, count) => sum + Math.max(0, count - 1), 0);
  return {
    counted: things.length,
    found: tracks.length,
    switches: beyondOne(ofTracks) + beyondOne(ofThings),
  };
}

function overlapMs({ start_ms, end_ms }: Track, [from, to]: readonly [number, number]): number {
  return Math.min(end_ms, to * 1000) - Math.max(start_ms, from * 1000);
}
