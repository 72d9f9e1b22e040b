/**
 * What a camera can do wrong on demand. All but `drop` last until another is set.
 *
 * | fault | what a player sees |
 * |---|---|
 * | `none` | a good camera |
 * | `refuse` | viewers lose the connection, requests are answered by a reset |
 * | `unauthorized`, `not-found` | viewers lose the connection, requests get 401 or 404 |
 * | `stall` | no more frames; the session stays and answers |
 * | `drop` | the connection ends once; coming back works |
 * | `garbage` | noise: by turns inside correct RTP packets and in place of any framing |
 * | `resolution` | the second clip, from its first keyframe on |
 * | `timestamps` | RTP time jumps an hour ahead and ten seconds back by turns, each second |
 */
export const FAULTS = [
  'none',
  'refuse',
  'unauthorized',
  'not-found',
  'stall',
  'drop',
  'garbage',
  'resolution',
  'timestamps',
] as const;
export type Fault = (typeof FAULTS)[number];

export function isFault(text: string): text is Fault {
  return FAULTS.some((fault) => fault === text);
}

/** Those that no viewer survives. */
export const ENDS_SESSIONS: ReadonlySet<Fault> = new Set(['refuse', 'unauthorized', 'not-found', 'drop']);
