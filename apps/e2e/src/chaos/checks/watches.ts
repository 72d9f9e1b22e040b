/** One viewer's connection to one camera's feed. Times in ms of the run. */
export interface Watch {
  camera: number;
  replica: string;
  fromMs: number;
  toMs: number;
  /** `left`: the viewer went, at the end of the run. `ended`: nothing that may end a connection had happened. */
  end: 'left' | 'replica died' | 'ended';
  /** The longest time without any part. */
  silence: { fromMs: number; lastsMs: number };
}

export interface WatchCounts {
  connections: number;
  /** Those that ended though the replica that they led to lived. */
  ended: number;
  /** The longest time that a viewer who was connected got neither a slate nor a picture, in ms. */
  longestSilenceMs: number;
}

/**
 * A slate comes each second, or three of the camera's usual gaps after its last picture; the rest is for a machine
 * that has a whole fleet to run and processes to start.
 */
const MAX_SILENCE_MS = 5_000;

/**
 * A connection to a camera's feed stays open through whatever happens but the death of the replica that it leads
 * to, and is never silent for long.
 * @returns the counts, and one sentence for each breach
 */
export function checkWatches(watches: readonly Watch[]): { counts: WatchCounts; breaches: string[] } {
  const ended = watches.filter(({ end }) => end === 'ended');
  const silent = watches.filter(({ silence }) => silence.lastsMs > MAX_SILENCE_MS);
  const of = ({ camera, replica }: Watch) => `a viewer of /cam${camera} at ${replica}`;
  return {
    counts: {
      connections: watches.length,
      ended: ended.length,
      longestSilenceMs: Math.max(0, ...watches.map(({ silence }) => silence.lastsMs)),
    },
    breaches: [
      ...(watches.length === 0 ? ['no viewer was ever connected'] : []),
      ...ended.map((one) => `${of(one)} was cut off after ${one.toMs} ms, though the replica lived`),
      ...silent.map(
        (one) => `${of(one)} got nothing for ${one.silence.lastsMs} ms from ${one.silence.fromMs} ms on`,
      ),
    ],
  };
}
