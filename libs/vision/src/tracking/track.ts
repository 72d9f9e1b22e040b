import type { Box } from '@camfleet/domain';

type TrackState = 'tentative' | 'confirmed' | 'lost' | 'ended';

/** Fractions of the frame per second. */
export type Velocity = readonly [x: number, y: number];

export interface Track {
  /** Grows from 1; unique in its tracker. */
  readonly id: number;
  readonly state: TrackState;
  /** Where it was last seen. */
  readonly box: Box;
  readonly velocity: Velocity;
  readonly score: number;
  /** Which of the update's detections it is; undefined when none. */
  readonly detection: number | undefined;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly hits: number;
}

export interface TrackerOptions {
  /** Sightings that make a track more than an accident. */
  confirmHits: number;
  /** A tentative track that is not seen for longer was an accident. */
  maxTentativeGapMs: number;
  /** One that is back by then goes on as the same; one that is not has ended. */
  maxGapMs: number;
}

export const DEFAULT_TRACKER: TrackerOptions = { confirmHits: 3, maxTentativeGapMs: 600, maxGapMs: 2_000 };

/** Nobody walks on evenly out of sight for longer. */
const MAX_PREDICTION_MS = 1_000;

/** How far ahead of its last sighting a track may be told. */
export function aheadMs({ lastSeenMs }: Track, timestampMs: number): number {
  return Math.max(-MAX_PREDICTION_MS, Math.min(MAX_PREDICTION_MS, timestampMs - lastSeenMs));
}

/** The box of a track moved by its velocity to another time, at most a second away. */
export function predictBox(track: Track, timestampMs: number): Box {
  const aheadSeconds = aheadMs(track, timestampMs) / 1000;
  const [x, y, width, height] = track.box;
  return [x + track.velocity[0] * aheadSeconds, y + track.velocity[1] * aheadSeconds, width, height];
}

/** Tells apart what may be seen again from what has ended; tentative tracks end silently. */
export function expire<T extends Track>(
  tracks: readonly T[],
  timestampMs: number,
  options: TrackerOptions,
): { alive: T[]; ended: T[] } {
  const alive: T[] = [];
  const ended: T[] = [];
  for (const track of tracks) {
    const isTentative = track.state === 'tentative';
    // Where the analysis is late, nobody looked since: what the last frame showed may be there still.
    const isPatient = !isTentative || track.detection !== undefined;
    const maxGapMs = isPatient ? options.maxGapMs : options.maxTentativeGapMs;
    if (timestampMs - track.lastSeenMs <= maxGapMs) alive.push(track);
    else if (!isTentative) ended.push(toEnded(track));
  }
  return { alive, ended };
}

/** The tracks that had been confirmed, ended. */
export function endAll<T extends Track>(tracks: readonly T[]): T[] {
  return tracks.filter(({ state }) => state !== 'tentative').map(toEnded);
}

function toEnded<T extends Track>(track: T): T {
  return { ...track, state: 'ended', detection: undefined };
}

export function missed<T extends Track>(track: T): T {
  return { ...track, state: track.state === 'tentative' ? 'tentative' : 'lost', detection: undefined };
}

/** The state after a sighting, which is counted in `hits`. */
export function stateOf(before: TrackState, hits: number, { confirmHits }: TrackerOptions): TrackState {
  return before !== 'tentative' || hits >= confirmHits ? 'confirmed' : 'tentative';
}
