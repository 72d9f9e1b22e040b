/** The worker's one time: the API's time plus monotonic time since, never the machine's wall clock. */
export interface Clock {
  /** Unix ms; may have a fraction; never goes back. */
  nowMs(): number;
}
