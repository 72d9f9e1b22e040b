import type { Box } from '@camfleet/domain';
import { associate, centreOf } from './association';

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
  /** A tentative track that is not seen for longer was an accident, unless no frame was analysed meanwhile. */
  maxTentativeGapMs: number;
  /** One that is back by then goes on as the same; one that is not has ended. */
  maxGapMs: number;
}

const DEFAULT_TRACKER: TrackerOptions = { confirmHits: 3, maxTentativeGapMs: 600, maxGapMs: 2_000 };

/** The share of the newest step in the velocity: smooths the detector's jitter, follows a turn in two steps. */
const VELOCITY_GAIN = 0.5;
/** Nobody walks on evenly out of sight for longer. */
const MAX_PREDICTION_MS = 1_000;
/** Steps shorter than this say more about jitter than about speed. */
const MIN_STEP_MS = 20;

/** The box of a track moved by its velocity to another time, at most a second away. */
export function predictBox({ box, velocity, lastSeenMs }: Track, timestampMs: number): Box {
  const aheadMs = Math.max(-MAX_PREDICTION_MS, Math.min(MAX_PREDICTION_MS, timestampMs - lastSeenMs));
  const [x, y, width, height] = box;
  return [x + (velocity[0] * aheadMs) / 1000, y + (velocity[1] * aheadMs) / 1000, width, height];
}

/**
 * Follows boxes from frame to frame (as SORT does, with a smoothed velocity for its Kalman filter): tentative →
 * confirmed → lost → ended, lost → confirmed. No I/O, no clock of its own: the same detections at the same times
 * give the same tracks.
 */
export class FaceTracker {
  private tracks: Track[] = [];
  private nextId = 1;
  private lastUpdateMs = -Infinity;
  private readonly options: TrackerOptions;

  constructor(options: Partial<TrackerOptions> = {}) {
    this.options = { ...DEFAULT_TRACKER, ...options };
  }

  /** @returns all tracks; one that ended is told once, a tentative one vanishes silently */
  update(detections: readonly { box: Box; score: number }[], timestampMs: number): Track[] {
    const { alive, ended } = this.expire(timestampMs);
    this.lastUpdateMs = timestampMs;
    const predicted = alive.map((track) => ({
      box: predictBox(track, timestampMs),
      gapMs: timestampMs - track.lastSeenMs,
    }));
    const matches = associate(predicted, detections);
    const taken = new Set(matches.values());
    this.tracks = alive.map((track, index) => {
      const detection = matches.get(index);
      const seen = detection === undefined ? undefined : detections[detection];
      return seen ? this.seen(track, { ...seen, detection, timestampMs }) : missed(track);
    });
    detections.forEach(({ box, score }, detection) => {
      if (!taken.has(detection)) this.tracks.push(this.begin({ box, score, detection, timestampMs }));
    });
    return [...this.tracks, ...ended];
  }

  /**
   * Nothing has changed since the last update: what was seen there stands still.
   * @returns all tracks, as `update`
   */
  hold(timestampMs: number): Track[] {
    this.lastUpdateMs = timestampMs;
    this.tracks = this.tracks.map((track) =>
      track.detection === undefined ? track : { ...track, velocity: [0, 0], lastSeenMs: timestampMs },
    );
    const { alive, ended } = this.expire(timestampMs);
    this.tracks = alive;
    return [...alive, ...ended];
  }

  /** Something was seen in the last update, or may be back. */
  get isFollowing(): boolean {
    return this.tracks.length > 0;
  }

  /** Ends everything. @returns the tracks that had been confirmed */
  end(): Track[] {
    const ended = this.tracks.filter(({ state }) => state !== 'tentative').map(toEnded);
    this.tracks = [];
    return ended;
  }

  private expire(timestampMs: number): { alive: Track[]; ended: Track[] } {
    const alive: Track[] = [];
    const ended: Track[] = [];
    for (const track of this.tracks) {
      const isTentative = track.state === 'tentative';
      // Where the analysis is late, nobody looked since: what the last frame showed may be there still.
      const isPatient = !isTentative || track.lastSeenMs === this.lastUpdateMs;
      const maxGapMs = isPatient ? this.options.maxGapMs : this.options.maxTentativeGapMs;
      if (timestampMs - track.lastSeenMs <= maxGapMs) alive.push(track);
      else if (!isTentative) ended.push(toEnded(track));
    }
    return { alive, ended };
  }

  private begin({ box, score, detection, timestampMs }: Sighting): Track {
    const state = this.options.confirmHits <= 1 ? 'confirmed' : 'tentative';
    const times = { firstSeenMs: timestampMs, lastSeenMs: timestampMs };
    return { id: this.nextId++, state, box, velocity: [0, 0], score, detection, ...times, hits: 1 };
  }

  private seen(track: Track, { box, score, detection, timestampMs }: Sighting): Track {
    const hits = track.hits + 1;
    const isConfirmed = track.state !== 'tentative' || hits >= this.options.confirmHits;
    const velocity = nextVelocity(track, box, timestampMs);
    const state = isConfirmed ? 'confirmed' : 'tentative';
    return { ...track, state, box, velocity, score, detection, lastSeenMs: timestampMs, hits };
  }
}

interface Sighting {
  box: Box;
  score: number;
  detection: number | undefined;
  timestampMs: number;
}

function toEnded(track: Track): Track {
  return { ...track, state: 'ended', detection: undefined };
}

function missed(track: Track): Track {
  return { ...track, state: track.state === 'tentative' ? 'tentative' : 'lost', detection: undefined };
}

function nextVelocity(
  { box: before, velocity, lastSeenMs, hits }: Track,
  box: Box,
  timestampMs: number,
): Velocity {
  const stepMs = timestampMs - lastSeenMs;
  if (stepMs < MIN_STEP_MS) return velocity;
  const gain = hits === 1 ? 1 : VELOCITY_GAIN;
  const [fromX, fromY] = centreOf(before);
  const [toX, toY] = centreOf(box);
  return [
    velocity[0] + gain * (((toX - fromX) * 1000) / stepMs - velocity[0]),
    velocity[1] + gain * (((toY - fromY) * 1000) / stepMs - velocity[1]),
  ];
}
