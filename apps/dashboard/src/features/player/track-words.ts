import type { TrackView } from '@camfleet/protocol';
import { capital } from '../../components/capital';
import { clockInWords } from '../../components/time';

/** `Ada`, `Car 3`. */
export const trackTitle = ({ label, trackId, personName }: TrackView) =>
  personName ?? `${capital(label)} ${trackId}`;

/** `Car 3, 0:12 to 0:19`. */
export const trackInWords = (track: TrackView) =>
  `${trackTitle(track)}, ${clockInWords(track.startMs)} to ${clockInWords(track.endMs)}`;
