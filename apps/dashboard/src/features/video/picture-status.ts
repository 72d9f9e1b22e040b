import type { StreamStatus } from '@camfleet/protocol';
import { reasonInWords } from '../../api/error-words';

/** What is known when it is decided whether a picture is live. */
export interface StatusFacts {
  stream: StreamStatus;
  /** The video connection stands. */
  connected: boolean;
  /** The last picture was a slate; `undefined` before any. */
  slate?: boolean;
  /** Since the last picture arrived; `undefined` before any. */
  sinceFrameMs?: number;
  /** A real picture was here since the camera came into view. */
  hadPicture?: boolean;
}

/** A picture older than this is not live any more. */
const STALE_AFTER_MS = 4_000;

export type PictureStatus = { live: true } | { live: false; words: string; busy: boolean };

/** Live only when a real, fresh frame is on screen; everything else is said in words over the picture. */
export function pictureStatus(facts: StatusFacts): PictureStatus {
  const { stream, connected, slate, sinceFrameMs } = facts;
  if (stream.desired === 'stopped') return { live: false, words: 'Stopped', busy: false };
  if (!connected) return { live: false, words: 'Connection lost', busy: true };
  const fresh = slate === false && sinceFrameMs !== undefined && sinceFrameMs <= STALE_AFTER_MS;
  if (fresh) return { live: true };
  const reason = stream.reason && reasonInWords(stream.reason);
  switch (stream.state) {
    case 'failed':
      return { live: false, words: reason ?? 'The camera gives no video', busy: false };
    case 'reconnecting':
      return { live: false, words: reason ?? 'Reconnecting to the camera', busy: true };
    case 'stopped':
    case 'starting':
      return { live: false, words: startingInWords(facts, reason), busy: true };
    case 'streaming':
      return { live: false, words: pictureInWords(facts), busy: true };
  }
}

function startingInWords({ stream, hadPicture }: StatusFacts, reason: string | undefined): string {
  if (stream.workerId === null) return `Waiting for a worker${reason ? `. ${reason}` : ''}`;
  return reason ?? (hadPicture ? 'Moving to another worker' : 'Opening the camera');
}

/** The camera streams, but not to here. */
function pictureInWords({ slate, sinceFrameMs }: StatusFacts): string {
  if (sinceFrameMs === undefined) return 'Loading the picture';
  return slate ? 'Waiting for the first picture' : 'No new picture';
}
