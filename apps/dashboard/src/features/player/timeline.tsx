import type { TrackView } from '@camfleet/protocol';
import { Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { clockInWords } from '../../components/time';
import { capital } from '../../components/capital';
import { Bar, HeapBar, keyOfHeap, keyOfTrack } from './timeline-bars';
import { TimelineControls } from './timeline-controls';
import { groupsOf, lanesOf, moved, placeOf, rulerMarks, zoomed, type View } from './timeline-layout';
import { Playhead } from './timeline-playhead';
import classes from './timeline.module.css';
import type { Player } from './use-player';

export interface TimelineProps {
  tracks: readonly TrackView[];
  durationMs: number;
  player: Player;
  /** They are still being read. */
  loading?: boolean;
}

const CLOSER = 0.5;

/**
 * When what was in the picture. A bar leads to where its track begins; where there are too many to draw each, a heap
 * leads closer. Arrow keys go from one to the next, and on beyond what is shown; + and - zoom, 0 shows all.
 */
export function Timeline({ tracks, durationMs, player, loading = false }: TimelineProps) {
  const [wanted, setView] = useState<View>();
  const view = useMemo(() => wanted ?? { fromMs: 0, toMs: durationMs }, [wanted, durationMs]);
  const groups = useMemo(() => groupsOf(tracks), [tracks]);
  const lanes = useMemo(() => lanesOf(groups, view), [groups, view]);
  const inOrder = useMemo(() => {
    const bars = lanes.flatMap(({ rows, heaps }) => [
      ...rows.flat().map((track) => ({ key: keyOfTrack(track), atMs: track.startMs })),
      ...heaps.map((heap) => ({ key: keyOfHeap(heap), atMs: heap.fromMs })),
    ]);
    return bars.sort((a, b) => a.atMs - b.atMs).map(({ key }) => key);
  }, [lanes]);
  const [current, setCurrent] = useState<string>();
  const reachable = current !== undefined && inOrder.includes(current) ? current : inOrder[0];
  const list = useRef<HTMLDivElement>(null);
  const focusNext = useRef<'first' | 'last'>(undefined);
  const hasFocus = useRef(false);
  const isPhone = useMediaQuery('(max-width: 36em)');

  const focus = (key: string | undefined) =>
    key !== undefined && list.current?.querySelector<HTMLElement>(`[data-bar="${CSS.escape(key)}"]`)?.focus();
  // What had the focus may not be there any more when something else is shown.
  useLayoutEffect(() => {
    const isLost = hasFocus.current && !list.current?.contains(document.activeElement);
    if (isLost) hasFocus.current = false;
    if (focusNext.current) focus(focusNext.current === 'first' ? inOrder[0] : inOrder.at(-1));
    else if (isLost) focus(reachable);
    focusNext.current = undefined;
  }, [inOrder, reachable]);

  function show(next: View, focused?: 'first' | 'last') {
    const isAll = next.fromMs <= 0 && next.toMs >= durationMs;
    // Nothing is drawn anew: a wish would be kept for when somebody is elsewhere.
    if (isAll && wanted === undefined) return;
    focusNext.current = focused;
    setView(isAll ? undefined : next);
  }
  const zoom = (factor: number, centreMs = centreOf(view, player)) =>
    show(zoomed(view, { factor, centreMs, durationMs }));

  function onKeyDown(event: KeyboardEvent) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = inOrder.indexOf(reachable ?? '');
    const step = (by: -1 | 1) => {
      const next = inOrder[index + by];
      if (next !== undefined) return focus(next);
      const beyond = moved(view, by, durationMs);
      if (beyond.fromMs !== view.fromMs) show(beyond, by === 1 ? 'first' : 'last');
      return undefined;
    };
    const keys: Record<string, () => unknown> = {
      ArrowLeft: () => step(-1),
      ArrowRight: () => step(1),
      Home: () => focus(inOrder[0]),
      End: () => focus(inOrder.at(-1)),
      PageUp: () => show(moved(view, -1, durationMs), 'first'),
      PageDown: () => show(moved(view, 1, durationMs), 'first'),
      '+': () => zoom(CLOSER),
      '-': () => zoom(1 / CLOSER),
      '0': () => show({ fromMs: 0, toMs: durationMs }, 'first'),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  const shared = { view, onFocus: setCurrent };
  return (
    <section className={classes.timeline} aria-label="Time line">
      <TimelineControls
        isWhole={wanted === undefined}
        view={view}
        durationMs={durationMs}
        onZoom={(closer) => zoom(closer ? CLOSER : 1 / CLOSER)}
        onMove={(by) => show(moved(view, by / 2, durationMs))}
        onWhole={() => setView(undefined)}
      />
      <div className={classes.line}>
        <Ruler view={view} marks={isPhone ? 4 : 8} onSeek={player.seek} />
        <div
          ref={list}
          className={classes.lanes}
          onKeyDown={onKeyDown}
          onFocus={() => (hasFocus.current = true)}
          onBlur={() => (hasFocus.current = false)}
        >
          {lanes.map(({ label, count, rows, heaps }) => (
            <div key={label} className={classes.lane} role="group" aria-label={`${capital(label)}, ${count}`}>
              <Text size="xs" className={classes.label} truncate>
                {capital(label)} <span className={classes.count}>{count.toLocaleString()}</span>
              </Text>
              <div className={classes.rows}>
                {rows.map((row, index) => (
                  <div key={index} className={classes.row}>
                    {row.map((track) => (
                      <Bar
                        key={keyOfTrack(track)}
                        {...shared}
                        track={track}
                        reachable={keyOfTrack(track) === reachable}
                        onSeek={player.seek}
                      />
                    ))}
                  </div>
                ))}
                {heaps.length > 0 && (
                  <div className={classes.heaps}>
                    {heaps.map((heap) => (
                      <HeapBar
                        key={keyOfHeap(heap)}
                        {...shared}
                        heap={heap}
                        highest={Math.max(...heaps.map(({ count: each }) => each))}
                        reachable={keyOfHeap(heap) === reachable}
                        onCloser={() => {
                          player.seek(heap.fromMs);
                          const centreMs = (heap.fromMs + heap.toMs) / 2;
                          const factor = (2 * (heap.toMs - heap.fromMs)) / (view.toMs - view.fromMs);
                          show(zoomed(view, { factor, centreMs, durationMs }), 'first');
                        }}
                      />
                    ))}
                  </div>
                )}
              </div>
            </div>
          ))}
        </div>
        <Playhead player={player} view={view} onLeft={(timeMs) => zoom(1, timeMs)} />
      </div>
      {loading && (
        <Text size="xs" c="dimmed" mt={4} role="status">
          More of what was found is being read…
        </Text>
      )}
    </section>
  );
}

/** Where the player is, if that is shown; else the middle. */
function centreOf({ fromMs, toMs }: View, { video, firstPictureMs }: Player): number {
  const timeMs = (video?.currentTime ?? 0) * 1000 - firstPictureMs;
  return timeMs > fromMs && timeMs < toMs ? timeMs : (fromMs + toMs) / 2;
}

interface RulerProps {
  view: View;
  marks: number;
  onSeek: (timeMs: number) => void;
}

function Ruler({ view, marks, onSeek }: RulerProps) {
  function onClick({ currentTarget, clientX }: MouseEvent<HTMLDivElement>) {
    const { left, width } = currentTarget.getBoundingClientRect();
    onSeek(view.fromMs + ((clientX - left) / width) * (view.toMs - view.fromMs));
  }
  return (
    // For the mouse alone: with the keyboard the player's own slider does the same.
    <div className={classes.ruler} onClick={onClick} aria-hidden>
      {rulerMarks(view, marks).map((timeMs) => (
        <span
          key={timeMs}
          className={classes.mark}
          style={{ left: `${placeOf({ startMs: timeMs, endMs: timeMs }, view).left}%` }}
        >
          {clockInWords(timeMs)}
        </span>
      ))}
    </div>
  );
}
