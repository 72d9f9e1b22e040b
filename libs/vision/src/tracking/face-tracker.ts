import type { Box } from '@camfleet/domain';
import { associate, centreOf } from './association';
import {
  DEFAULT_TRACKER,
  endAll,
  expire,
  missed,
  predictBox,
  stateOf,
  type Track,
  type TrackerOptions,
  type Velocity,
} from './track';

/** The share of the newest step in the velocity: smooths the detector's jitter, follows a turn in two steps. */
const VELOCITY_GAIN = 0.5;
/** Steps shorter than this say more about jitter than about speed. */
const MIN_STEP_MS = 20;

/** As of an `ObjectTracker`. */
export interface FaceTrackerState {
  readonly tracks: readonly Track[];
  readonly nextId: number;
}

/**
 * Follows boxes from frame to frame (as SORT does, with a smoothed velocity for its Kalman filter): tentative →
 * confirmed → lost → ended, lost → confirmed. No I/O, no clock of its own: the same detections at the same times
 * give the same tracks.
 */
export class FaceTracker {
  private tracks: Track[];
  private nextId: number;
  private readonly options: TrackerOptions;

  /** @param state of a tracker with the same options, to go on from */
  constructor(options: Partial<TrackerOptions> = {}, state?: FaceTrackerState) {
    this.options = { ...DEFAULT_TRACKER, ...options };
    this.tracks = [...(state?.tracks ?? [])];
    this.nextId = state?.nextId ?? 1;
  }

  get state(): FaceTrackerState {
    return { tracks: this.tracks, nextId: this.nextId };
  }

  /** @returns all tracks; one that ended is told once, a tentative one vanishes silently */
  update(detections: readonly { box: Box; score: number }[], timestampMs: number): Track[] {
    const { alive, ended } = expire(this.tracks, timestampMs, this.options);
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
    this.tracks = this.tracks.map((track) =>
      track.detection === undefined ? track : { ...track, velocity: [0, 0], lastSeenMs: timestampMs },
    );
    const { alive, ended } = expire(this.tracks, timestampMs, this.options);
    this.tracks = alive;
    return [...alive, ...ended];
  }

  /** Something was seen in the last update, or may be back. */
  get isFollowing(): boolean {
    return this.tracks.length > 0;
  }

  /** Ends everything. @returns the tracks that had been confirmed */
  end(): Track[] {
    const ended = endAll(this.tracks);
    this.tracks = [];
    return ended;
  }

  private begin({ box, score, detection, timestampMs }: Sighting): Track {
    const state = stateOf('tentative', 1, this.options);
    const times = { firstSeenMs: timestampMs, lastSeenMs: timestampMs };
    return { id: this.nextId++, state, box, velocity: [0, 0], score, detection, ...times, hits: 1 };
  }

  private seen(track: Track, { box, score, detection, timestampMs }: Sighting): Track {
    const hits = track.hits + 1;
    const velocity = nextVelocity(track, box, timestampMs);
    const state = stateOf(track.state, hits, this.options);
    return { ...track, state, box, velocity, score, detection, lastSeenMs: timestampMs, hits };
  }
}

interface Sighting {
  box: Box;
  score: number;
  detection: number | undefined;
  timestampMs: number;
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
