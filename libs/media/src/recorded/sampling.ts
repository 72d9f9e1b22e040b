/** Which frames of a recorded video are looked at. */
export type Sampling =
  /** The first frame of each 1/fps seconds, counted from the first frame. Where no frame lies, none is taken. */
  | { kind: 'fps'; fps: number }
  /** Each `stride`th frame, the first included. */
  | { kind: 'stride'; stride: number }
  /** Keyframes alone: nothing else is read or decoded. */
  | { kind: 'keyframes' }
  /** As `fps`; between two of them, one more where the picture differs by more than `motionThreshold` (0 to 1). */
  | { kind: 'adaptive'; fps: number; motionThreshold: number };

/** A sampled frame's place: all that is needed to go on after it, in another process or on another machine. */
export interface SamplePosition {
  /** Counts the sampled frames, from 0. */
  index: number;
  /** Whole ms since the video's first frame. */
  timestampMs: number;
}
