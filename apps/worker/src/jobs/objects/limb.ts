import type { Box } from '@camfleet/domain';

/** A detector places a side no better than to half of its finest cell: four lines of some 256. */
const AT_TOP = 1 / 64;
/** Three deviations of a side, in heights of the box (the Kalman filter's, of SORT). */
const CLEARLY = 3 / 20;

/**
 * Whether a box hangs into the picture from its upper edge and ends clearly above the lower one. Of a person, that is an
 * arm that reaches in, or the legs of somebody whose head is out of view; who is cut off on both edges is near.
 */
export function hangsIn([, y, , height]: Box): boolean {
  return y < AT_TOP && y + height < 1 - CLEARLY * height;
}
