import type { Box } from '@camfleet/domain';

/** One number that is measured, its change per second, and how unsure they are (variances and covariance). */
export interface Coordinate {
  readonly value: number;
  readonly change: number;
  readonly valueVariance: number;
  readonly covariance: number;
  readonly changeVariance: number;
}

/** Centre, aspect ratio, height. */
export type Motion = readonly [x: Coordinate, y: Coordinate, aspect: Coordinate, height: Coordinate];

/**
 * Deviations of the filter of SORT and ByteTrack (FoundationVision/ByteTrack, yolox/tracker/kalman_filter.py, MIT), in
 * heights of the box and, there, per frame: its frames were 1/30 s.
 */
const FRAME_SECONDS = 1 / 30;
const POSITION = 1 / 20;
const SPEED = 1 / 160 / FRAME_SECONDS;
const FIRST_POSITION = 2 * POSITION;
const FIRST_SPEED = 10 * SPEED;
/** The aspect ratio, whatever the height. */
const ASPECT = { first: 0.01, measured: 0.1, drift: 0.01, firstChange: 1e-5, changeDrift: 1e-5 };

const square = (value: number) => value * value;

/** A box as it is measured: centre, aspect ratio, height. */
function measure([x, y, width, height]: Box): [number, number, number, number] {
  return [x + width / 2, y + height / 2, width / height, height];
}

/** The first sighting. */
export function begin(box: Box): Motion {
  const [x, y, aspect, height] = measure(box);
  const coordinate = (value: number, deviation: number, changeDeviation: number): Coordinate => ({
    value,
    change: 0,
    valueVariance: square(deviation),
    covariance: 0,
    changeVariance: square(changeDeviation),
  });
  const sized = (value: number) => coordinate(value, FIRST_POSITION * height, FIRST_SPEED * height);
  return [sized(x), sized(y), coordinate(aspect, ASPECT.first, ASPECT.firstChange), sized(height)];
}

/**
 * Constant velocity for a time. The four coordinates do not depend on each other in this filter, so that its 8 x 8
 * matrices are four of 2 x 2.
 */
export function predict(motion: Motion, seconds: number): Motion {
  const [, , , { value: height }] = motion;
  // Noise adds up frame by frame.
  const frames = Math.max(0, seconds) / FRAME_SECONDS;
  const move = (coordinate: Coordinate, deviation: number, changeDeviation: number): Coordinate => {
    const { value, change, valueVariance, covariance, changeVariance } = coordinate;
    return {
      value: value + change * seconds,
      change,
      valueVariance:
        valueVariance +
        2 * seconds * covariance +
        square(seconds) * changeVariance +
        frames * square(deviation),
      covariance: covariance + seconds * changeVariance,
      changeVariance: changeVariance + frames * square(changeDeviation),
    };
  };
  const sized = (coordinate: Coordinate) => move(coordinate, POSITION * height, SPEED * height);
  const [x, y, aspect, tall] = motion;
  return [sized(x), sized(y), move(aspect, ASPECT.drift, ASPECT.changeDrift), sized(tall)];
}

/** A sighting. @param motion predicted to its time */
export function correct(motion: Motion, box: Box): Motion {
  const measured = measure(box);
  const [, , , { value: height }] = motion;
  const update = (coordinate: Coordinate, found: number, deviation: number): Coordinate => {
    const { value, change, valueVariance, covariance, changeVariance } = coordinate;
    const total = valueVariance + square(deviation);
    const gain = valueVariance / total;
    const changeGain = covariance / total;
    return {
      value: value + gain * (found - value),
      change: change + changeGain * (found - value),
      valueVariance: (1 - gain) * valueVariance,
      covariance: (1 - gain) * covariance,
      changeVariance: changeVariance - changeGain * covariance,
    };
  };
  const [x, y, aspect, tall] = motion;
  return [
    update(x, measured[0], POSITION * height),
    update(y, measured[1], POSITION * height),
    update(aspect, measured[2], ASPECT.measured),
    update(tall, measured[3], POSITION * height),
  ];
}

/** Where the filter thinks it is. */
export function boxOf([x, y, aspect, tall]: Motion): Box {
  const height = Math.max(tall.value, 1e-6);
  const width = Math.max(aspect.value, 1e-6) * height;
  return [x.value - width / 2, y.value - height / 2, width, height];
}
