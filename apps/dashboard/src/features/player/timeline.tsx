import type { TrackView } from '@camfleet/protocol';
import { Text } from '@mantine/core';
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { clockInWords } from '../../components/time';
import { labelColor } from './label-color';
import { MAX_DRAWN, lanesOf, placeOf, rulerMarks } from './timeline-layout';
import classes from './timeline.module.css';
import { trackInWords } from './track-words';
import { capital } from '../../components/capital';
import { useMediaTime } from './use-media-time';
import type { Player } from './use-player';

export interface TimelineProps {
  tracks: readonly TrackView[];
  durationMs: number;
  player: Player;
}

const MARKS = 8;
const keyOf = ({ analysis, trackId }: TrackView) => `${analysis}-${trackId}`;

/** When what was in the picture. A track leads to where it begins; the arrow keys go from one to the next. */
export function Timeline({ tracks, durationMs, player }: TimelineProps) {
  const lanes = useMemo(() => lanesOf(tracks, durationMs), [tracks, durationMs]);
  const inOrder = useMemo(
    () => lanes.flatMap(({ rows }) => rows.flat()).sort((a, b) => a.startMs - b.startMs),
    [lanes],
  );
  const [current, setCurrent] = useState<string>();
  const list = useRef<HTMLDivElement>(null);
  const reachable = current ?? (inOrder[0] && keyOf(inOrder[0]));

  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = inOrder.findIndex((track) => keyOf(track) === reachable);
    const next = inOrder[index + step];
    if (next) list.current?.querySelector<HTMLElement>(`[data-track="${keyOf(next)}"]`)?.focus();
  }

  return (
    <section className={classes.timeline} aria-label="Time line">
      <Ruler durationMs={durationMs} onSeek={player.seek} />
      <div ref={list} className={classes.lanes} onKeyDown={onKeyDown}>
        {lanes.map(({ label, count, rows }) => (
          <div key={label} className={classes.lane} role="group" aria-label={`${capital(label)}, ${count}`}>
            <Text size="xs" className={classes.label} truncate>
              {capital(label)} <span className={classes.count}>{count}</span>
            </Text>
            <div className={classes.rows}>
              {rows.map((row) => (
                <div key={row.map(keyOf)[0]} className={classes.row}>
                  {row.map((track) => (
                    <Bar
                      key={keyOf(track)}
                      track={track}
                      durationMs={durationMs}
                      reachable={keyOf(track) === reachable}
                      onFocus={() => setCurrent(keyOf(track))}
                      onSeek={player.seek}
                    />
                  ))}
                </div>
              ))}
            </div>
          </div>
        ))}
      </div>
      <Playhead player={player} durationMs={durationMs} />
      {tracks.length > MAX_DRAWN && (
        <Text size="xs" c="dimmed" mt={4}>
          {`The longest ${MAX_DRAWN} of ${tracks.length} are drawn.`}
        </Text>
      )}
    </section>
  );
}

interface BarProps {
  track: TrackView;
  durationMs: number;
  /** By the tab key: one of all. */
  reachable: boolean;
  onFocus: () => void;
  onSeek: (timeMs: number) => void;
}

function Bar({ track, durationMs, reachable, onFocus, onSeek }: BarProps) {
  const { left, width } = placeOf(track, durationMs);
  const words = trackInWords(track);
  return (
    <button
      type="button"
      className={classes.bar}
      style={{ left: `${left}%`, width: `${width}%`, background: labelColor(track.label) }}
      data-track={keyOf(track)}
      aria-label={words}
      title={words}
      tabIndex={reachable ? 0 : -1}
      onFocus={onFocus}
      onClick={() => onSeek(track.startMs)}
    />
  );
}

function Ruler({ durationMs, onSeek }: { durationMs: number; onSeek: (timeMs: number) => void }) {
  function onClick({ currentTarget, clientX }: MouseEvent<HTMLDivElement>) {
    const { left, width } = currentTarget.getBoundingClientRect();
    onSeek(((clientX - left) / width) * durationMs);
  }
  return (
    // For the mouse alone: with the keyboard the player's own slider does the same.
    <div className={classes.ruler} onClick={onClick} aria-hidden>
      {rulerMarks(durationMs, MARKS).map((timeMs) => (
        <span
          key={timeMs}
          className={classes.mark}
          style={{ left: `${placeOf({ startMs: timeMs, endMs: timeMs }, durationMs).left}%` }}
        >
          {clockInWords(timeMs)}
        </span>
      ))}
    </div>
  );
}

function Playhead({ player, durationMs }: { player: Player; durationMs: number }) {
  const timeMs = useMediaTime(player.video);
  const { left } = placeOf({ startMs: timeMs, endMs: timeMs }, durationMs);
  return (
    <div className={classes.playway} aria-hidden>
      <div className={classes.playhead} style={{ left: `${left}%` }} />
    </div>
  );
}
