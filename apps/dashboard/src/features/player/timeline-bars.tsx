import type { TrackView } from '@camfleet/protocol';
import { capital } from '../../components/capital';
import { clockInWords } from '../../components/time';
import { labelColor } from './label-color';
import { placeOf, type Heap, type View } from './timeline-layout';
import classes from './timeline.module.css';
import { trackInWords } from './track-words';

export const keyOfTrack = ({ analysis, trackId }: TrackView) => `${analysis}-${trackId}`;
export const keyOfHeap = ({ label, fromMs }: Heap) => `heap-${label}-${Math.round(fromMs)}`;

interface Reachable {
  view: View;
  /** By the tab key: one of all. */
  reachable: boolean;
  onFocus: (key: string) => void;
}

export interface BarProps extends Reachable {
  track: TrackView;
  onSeek: (timeMs: number) => void;
}

/** One track; pressed, it leads to where it begins. */
export function Bar({ track, view, reachable, onFocus, onSeek }: BarProps) {
  const { left, width } = placeOf(track, view);
  const words = trackInWords(track);
  return (
    <button
      type="button"
      className={classes.bar}
      style={{ left: `${left}%`, width: `${width}%`, background: labelColor(track.label) }}
      data-bar={keyOfTrack(track)}
      aria-label={words}
      title={words}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => onFocus(keyOfTrack(track))}
      onClick={() => onSeek(track.startMs)}
    />
  );
}

export interface HeapBarProps extends Reachable {
  heap: Heap;
  /** Of its lane. */
  highest: number;
  onCloser: () => void;
}

/** So many that they cannot be drawn each; pressed, it leads closer. */
export function HeapBar({ heap, highest, view, reachable, onFocus, onCloser }: HeapBarProps) {
  const { label, count, fromMs, toMs } = heap;
  const { left, width } = placeOf({ startMs: fromMs, endMs: toMs }, view);
  const words = `${capital(label)}, ${count} from ${clockInWords(fromMs)} to ${clockInWords(toMs)}: look closer`;
  return (
    <button
      type="button"
      className={classes.heap}
      style={{
        left: `${left}%`,
        width: `${width}%`,
        height: `${Math.max(12, (count / highest) * 100)}%`,
        background: labelColor(label),
      }}
      data-bar={keyOfHeap(heap)}
      aria-label={words}
      title={words}
      tabIndex={reachable ? 0 : -1}
      onFocus={() => onFocus(keyOfHeap(heap))}
      onClick={onCloser}
    />
  );
}
