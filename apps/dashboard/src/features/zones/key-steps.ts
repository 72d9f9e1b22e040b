import type { KeyboardEvent } from 'react';
import type { Point } from './zone-shapes';

const STEPS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Of the picture, at a press of an arrow key; with Shift more. */
const STEP = 0.01;
const LARGE_STEP = 0.05;

/** What a press of an arrow key moves by. */
export function stepOf({ key, shiftKey }: KeyboardEvent): Point | undefined {
  const step = STEPS[key];
  const length = shiftKey ? LARGE_STEP : STEP;
  return step && [step[0] * length, step[1] * length];
}
